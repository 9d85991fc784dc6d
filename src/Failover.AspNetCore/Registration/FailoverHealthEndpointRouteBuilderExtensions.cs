using Failover;
using Failover.AspNetCore;
using Failover.AspNetCore.Answers;
using Failover.AspNetCore.Draining;
using Failover.AspNetCore.Peers;
using Failover.AspNetCore.Registration;
using Failover.HealthChecks;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the health endpoints.</summary>
public static class FailoverHealthEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps four endpoints: <c>&lt;prefix&gt;</c> says 200 only if the node is fully operational, <c>&lt;prefix&gt;/ready</c> if traffic should be sent here, <c>&lt;prefix&gt;/live</c> if the process works, <c>&lt;prefix&gt;/startup</c> once every critical check
    /// has passed; else each says 503. They answer from a snapshot: no check runs for a request, and none is waited for. Callers get the status alone, unless the settings let them see more.
    /// </summary>
    /// <remarks>
    /// They take GET and HEAD, allow anonymous callers unless conditions of the app say otherwise (<c>.RequireAuthorization()</c>), and stand in no description, no HTTP log and no HTTP metric. <c>AddFailover().AddHealthEndpoints()</c> must have been called.
    /// </remarks>
    /// <param name="endpoints">The app.</param>
    /// <param name="prefix">The path: <c>/health</c>.</param>
    /// <returns>What gives all four of them more conditions, like <c>.RequireHost("…")</c>.</returns>
    /// <exception cref="InvalidOperationException"><c>AddHealthEndpoints()</c> was not called.</exception>
    public static IEndpointConventionBuilder MapFailoverHealth(this IEndpointRouteBuilder endpoints, string prefix) => endpoints.MapFailoverHealth(prefix, static _ => { });

    /// <inheritdoc cref="MapFailoverHealth(IEndpointRouteBuilder, string)"/>
    /// <param name="endpoints">The app.</param>
    /// <param name="prefix">The path: <c>/health</c>.</param>
    /// <param name="configure">Says where they answer, which checks count, and who sees more than the status.</param>
    /// <exception cref="ArgumentException">A port is none, or no check has one of the tags.</exception>
    public static IEndpointConventionBuilder MapFailoverHealth(this IEndpointRouteBuilder endpoints, string prefix, Action<MapHealthOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        string path = prefix.TrimEnd('/');
        return new EndpointConventions(
        [
            endpoints.MapFailoverHealth(prefix, HealthVerdict.Operational, configure),
            endpoints.MapFailoverHealth($"{path}/ready", HealthVerdict.CanServe, configure),
            endpoints.MapFailoverHealth($"{path}/live", HealthVerdict.Alive, configure),
            endpoints.MapFailoverHealth($"{path}/startup", HealthVerdict.Started, configure),
        ]);
    }

    /// <summary>Maps one endpoint for one verdict: <c>MapFailoverHealth("/readyz", HealthVerdict.CanServe)</c>.</summary>
    /// <inheritdoc cref="MapFailoverHealth(IEndpointRouteBuilder, string)" path="/remarks"/>
    /// <param name="endpoints">The app.</param>
    /// <param name="pattern">The path.</param>
    /// <param name="verdict">What it answers.</param>
    /// <exception cref="InvalidOperationException"><c>AddHealthEndpoints()</c> was not called.</exception>
    public static IEndpointConventionBuilder MapFailoverHealth(this IEndpointRouteBuilder endpoints, string pattern, HealthVerdict verdict) => endpoints.MapFailoverHealth(pattern, verdict, static _ => { });

    /// <summary>Maps one endpoint for one verdict, over some checks: <c>MapFailoverHealth("/health/db", HealthVerdict.Operational, o => o.Tags.Add("db"))</c>.</summary>
    /// <inheritdoc cref="MapFailoverHealth(IEndpointRouteBuilder, string)" path="/remarks"/>
    /// <param name="endpoints">The app.</param>
    /// <param name="pattern">The path.</param>
    /// <param name="verdict">What it answers.</param>
    /// <param name="configure">Says where it answers, which checks count, and who sees more than the status.</param>
    /// <exception cref="InvalidOperationException"><c>AddHealthEndpoints()</c> was not called.</exception>
    /// <exception cref="ArgumentException">A port is none, or no check has one of the tags.</exception>
    public static IEndpointConventionBuilder MapFailoverHealth(this IEndpointRouteBuilder endpoints, string pattern, HealthVerdict verdict, Action<MapHealthOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(configure);
        IServiceProvider services = endpoints.ServiceProvider;
        HealthEndpoints all = RequireEndpoints(services, nameof(MapFailoverHealth));
        MapHealthOptions options = new();
        configure(options);
        Check(options, pattern, services);
        HealthEndpoint endpoint = new(
            pattern,
            verdict,
            options,
            services.GetRequiredService<NodeHealth>(),
            services.GetRequiredService<FailoverGroups>(),
            services.GetRequiredService<LastGoodSection<HealthEndpointsOptions>>(),
            services.GetRequiredService<Access>());
        all.Add(endpoint);
        IEndpointConventionBuilder mapped = endpoints.Map(pattern, endpoint.InvokeAsync);
        EndpointConventions.Apply(mapped, $"Failover health: {verdict}", options.ShortCircuit);
        return mapped;
    }

    /// <summary>
    /// Maps an endpoint that drains the node: POST begins, DELETE ends, GET tells. A drain begun so is one of its own, named <c>manual</c>; one by a file or a shutdown goes on. Every caller must satisfy the policy, whatever the app's middleware
    /// and the groups around the endpoint allow.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="pattern">The path: <c>/health/drain</c>.</param>
    /// <param name="policy">The name of an authorization policy. If there is none of this name, the app does not start.</param>
    /// <exception cref="InvalidOperationException"><c>AddHealthEndpoints()</c> was not called.</exception>
    public static IEndpointConventionBuilder MapFailoverDrain(this IEndpointRouteBuilder endpoints, string pattern, string policy)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentException.ThrowIfNullOrWhiteSpace(policy);
        RequireEndpoints(endpoints.ServiceProvider, nameof(MapFailoverDrain)).AddGuard($"The drain endpoint {pattern}", policy);
        IEndpointConventionBuilder mapped = endpoints.Map(pattern, ActivatorUtilities.CreateInstance<DrainEndpoint>(endpoints.ServiceProvider, policy).InvokeAsync);
        EndpointConventions.Apply(mapped, "Failover drain", shortCircuit: true);
        return mapped;
    }

    /// <summary>
    /// Maps the endpoint at which the other nodes of the app ask how this one stands, as <c>Failover:Peers</c> says. It answers GET with a signed body to whoever signs with the shared key, within the time window and once; everybody else gets 401.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="pattern">The path: <c>/health/peer</c>. The address that the peers ask must have the same, since it is signed: no proxy may change it.</param>
    /// <exception cref="InvalidOperationException"><c>AddHealthEndpoints()</c> or <c>AddPeers()</c> was not called.</exception>
    public static IEndpointConventionBuilder MapFailoverPeer(this IEndpointRouteBuilder endpoints, string pattern)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        RequireEndpoints(endpoints.ServiceProvider, nameof(MapFailoverPeer));
        if (endpoints.ServiceProvider.GetService<NodePeers>() is not { } peers)
        {
            throw new InvalidOperationException($"{nameof(MapFailoverPeer)} needs what AddPeers() registers: call builder.Services.AddFailover(…).AddPeers() before the app is built.");
        }

        IEndpointConventionBuilder mapped = endpoints.Map(pattern, ActivatorUtilities.CreateInstance<PeerEndpoint>(endpoints.ServiceProvider, peers, endpoints.ServiceProvider.GetService<TimeProvider>() ?? TimeProvider.System).InvokeAsync);
        EndpointConventions.Apply(mapped, "Failover peer", shortCircuit: true);
        return mapped;
    }

    private static HealthEndpoints RequireEndpoints(IServiceProvider services, string method) =>
        services.GetService<HealthEndpoints>() ?? throw new InvalidOperationException($"{method} needs what AddHealthEndpoints() registers: call builder.Services.AddFailover(…).AddHealthEndpoints() before the app is built.");

    private static void Check(MapHealthOptions options, string pattern, IServiceProvider services)
    {
        foreach ((string name, int? port) in new[] { (nameof(options.Port), options.Port), (nameof(options.ManagementPort), options.ManagementPort) })
        {
            if (port is < 1 or > HealthEndpointsKeys.HighestPort)
            {
                throw new ArgumentException($"MapFailoverHealth(\"{pattern}\"): {name} ({port}) must be from 1 to {HealthEndpointsKeys.HighestPort}.", nameof(options));
            }
        }

        if (options.Tags.Count > 0)
        {
            ICollection<HealthCheckRegistration> checks = services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations;
            if (!checks.Any(check => check.Tags.Any(options.Tags.Contains)))
            {
                throw new ArgumentException($"MapFailoverHealth(\"{pattern}\"): no health check has the tag {string.Join(" or ", options.Tags)}: the endpoint would always say 200.", nameof(options));
            }
        }
    }
}
