using System.Diagnostics.Metrics;
using Failover;
using Failover.HealthChecks;
using Failover.HealthChecks.Evaluation;
using Failover.HealthChecks.Peers;
using Failover.HealthChecks.Registration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the evaluation of this node's health.</summary>
public static class FailoverHealthBuilderExtensions
{
    /// <summary>
    /// Runs every check that is registered with <c>AddHealthChecks()</c>, before or after this call, in the background: each on its own period, one run at a time, with a hard timeout. Gives <see cref="NodeHealth"/> and
    /// <see cref="IFailoverHealth"/>. What runs health checks by itself (MapHealthChecks, publishers, gRPC health) is answered from the same snapshot and runs none. May be called any number of times.
    /// </summary>
    /// <remarks>Settings stand in <c>Failover:Health</c> (<see cref="HealthOptions"/>), those of one check in <c>Failover:Health:Checks:&lt;name&gt;</c>. A bad value stops the start; a bad change changes nothing, and the node counts as not operational.</remarks>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    public static IFailoverBuilder AddHealth(this IFailoverBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        if (services.Any(static one => one.ServiceType == typeof(NodeHealth)))
        {
            return builder;
        }

        builder.AddSection(HealthOptionsKeys.Section, HealthOptionsKeys.Table);
        services.AddSingleton<IValidateOptions<HealthOptions>>(provider => new ChecksRule(provider.GetRequiredService<IOptions<HealthCheckServiceOptions>>(), builder));
        services.AddHealthChecks();
        services.RemoveAll<HealthCheckService>();
        services.AddSingleton<HealthCheckService, SnapshotHealthCheckService>();
        services.AddSingleton<IPostConfigureOptions<HealthCheckServiceOptions>, OwnPeriods>();
        services.TryAddSingleton(static provider => new HealthTelemetry(provider.GetService<IMeterFactory>()));
        services.TryAddSingleton<NodeDrain>();
        services.TryAddSingleton<PeerBoard>();
        services.AddSingleton(static provider =>
        {
            HealthTelemetry telemetry = provider.GetRequiredService<HealthTelemetry>();
            return new HealthMonitor(
                provider.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.Select(one => (one, OwnPeriods.Of(one))),
                provider.GetRequiredService<IServiceScopeFactory>(),
                provider.GetRequiredService<LastGoodSection<HealthOptions>>(),
                provider.GetRequiredService<NodeDrain>(),
                provider.GetRequiredService<PeerBoard>(),
                telemetry,
                new HealthTeller(provider.GetService<ILogger<NodeHealth>>() ?? NullLogger<NodeHealth>.Instance, telemetry),
                provider.GetService<TimeProvider>() ?? TimeProvider.System);
        });
        services.AddSingleton(static provider => new NodeHealth(provider.GetRequiredService<HealthMonitor>()));
        services.TryAddSingleton<IFailoverHealth>(static provider => provider.GetRequiredService<NodeHealth>());
        services.AddHostedService<HealthHostedService>();
        return builder;
    }
}
