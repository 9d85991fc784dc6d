using Failover;
using Failover.AspNetCore;
using Failover.AspNetCore.Answers;
using Failover.AspNetCore.Draining;
using Failover.AspNetCore.Haproxy;
using Failover.AspNetCore.Registration;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what this node says of its health, and to whom.</summary>
public static class FailoverHealthEndpointsBuilderExtensions
{
    /// <summary>
    /// Registers what <c>app.MapFailoverHealth("/health")</c> needs, and draining: on a shutdown the node says 503 at once, goes on serving for some seconds, and tells its clients to leave. Calls <c>AddHealth()</c>. May be called any number of times.
    /// </summary>
    /// <remarks>Settings stand in <c>Failover:HealthEndpoints</c> (<see cref="HealthEndpointsOptions"/>) and <c>Failover:Draining</c> (<see cref="DrainingOptions"/>). A bad value stops the start.</remarks>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    public static IFailoverBuilder AddHealthEndpoints(this IFailoverBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddHealth();
        IServiceCollection services = builder.Services;
        if (services.Any(static one => one.ServiceType == typeof(HealthEndpoints)))
        {
            return builder;
        }

        builder.AddSection(HealthEndpointsKeys.EndpointsSection, HealthEndpointsKeys.Endpoints);
        builder.AddSection(HealthEndpointsKeys.DrainingSection, HealthEndpointsKeys.Draining);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<HealthEndpoints>();
        services.AddSingleton<Access>();
        services.AddSingleton<NodeShutdown>();
        services.AddSingleton<DrainFile>();
        services.AddSingleton<IStartupFilter, DrainMarkerFilter>();
        services.AddHostedService<HealthEndpointsHostedService>();
        services.AddHostedService<DrainHostedService>();
        return builder;
    }

    /// <summary>Answers HAProxy's <c>agent-check</c> as <c>Failover:HaproxyAgent</c> (<see cref="HaproxyAgentOptions"/>) says, on a port of its own, with the verdict on whether the node can serve. Calls <see cref="AddHealthEndpoints"/>.</summary>
    /// <remarks>Keep <c>httpchk</c> beside it: HAProxy ignores an agent that is gone.</remarks>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    public static IFailoverBuilder AddHaproxyAgent(this IFailoverBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddHealthEndpoints();
        if (!builder.Services.Any(static one => one.ServiceType == typeof(HaproxyAgent)))
        {
            builder.AddSection(HealthEndpointsKeys.AgentSection, HealthEndpointsKeys.Agent);
            builder.Services.AddSingleton<HaproxyAgent>();
            builder.Services.AddHostedService<HaproxyAgentHostedService>();
        }

        return builder;
    }

    /// <inheritdoc cref="AddHaproxyAgent(IFailoverBuilder)"/>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="port">The port, which stands over that of the configuration; 0 takes a free one, which the log tells.</param>
    public static IFailoverBuilder AddHaproxyAgent(this IFailoverBuilder builder, int port)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, HealthEndpointsKeys.HighestPort);
        builder.AddHaproxyAgent();
        builder.Services.Configure<HaproxyAgentOptions>(options => options.Port = port);
        return builder;
    }
}
