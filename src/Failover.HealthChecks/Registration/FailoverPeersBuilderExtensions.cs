using Failover;
using Failover.HealthChecks;
using Failover.HealthChecks.Evaluation;
using Failover.HealthChecks.Peers;
using Failover.HealthChecks.Registration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what the nodes of an app tell each other.</summary>
public static class FailoverPeersBuilderExtensions
{
    /// <summary>
    /// Asks the other nodes of the app how they stand, so that this node leaves service for a failure of something shared if, and only if, a peer proves that it does not have it. Without peers, a node never leaves for that. Calls <c>AddHealth()</c>.
    /// May be called any number of times.
    /// </summary>
    /// <remarks>Settings stand in <c>Failover:Peers</c> (<see cref="PeerOptions"/>); a bad value stops the start. The peers answer where <c>app.MapFailoverPeer("/health/peer")</c> of Failover.AspNetCore is called.</remarks>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    public static IFailoverBuilder AddPeers(this IFailoverBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddHealth();
        IServiceCollection services = builder.Services;
        if (services.Any(static one => one.ServiceType == typeof(NodePeers)))
        {
            return builder;
        }

        builder.AddSection(PeerOptionsKeys.Section, PeerOptionsKeys.Table);
        services.TryAddSingleton(static _ => new PeerTransport());
        services.AddSingleton(static provider => new RevisionFile(provider.GetRequiredService<LastGoodSection<PeerOptions>>()));
        services.AddSingleton(static provider => new NodePeers(
            provider.GetRequiredService<PeerBoard>(),
            new PeerGate(provider.GetRequiredService<LastGoodSection<PeerOptions>>(), Time(provider)),
            provider.GetRequiredService<NodeHealth>(),
            provider.GetRequiredService<FailoverGroups>(),
            provider.GetRequiredService<LastGoodSection<PeerOptions>>(),
            provider.GetRequiredService<RevisionFile>(),
            new OwnClaims(provider.GetServices<INodeClaims>, Logger(provider)),
            Time(provider)));
        services.AddSingleton(static provider => new PeerPoller(
            provider.GetRequiredService<LastGoodSection<PeerOptions>>(),
            provider.GetRequiredService<HealthMonitor>(),
            provider.GetRequiredService<PeerBoard>(),
            new PeerClient(provider.GetRequiredService<PeerTransport>(), Time(provider)),
            provider.GetRequiredService<RevisionFile>(),
            Time(provider),
            Logger(provider)));
        services.TryAddSingleton<IPeerClaims>(static provider => new PeerClaims(provider.GetRequiredService<PeerBoard>(), provider.GetRequiredService<PeerPoller>(), provider.GetRequiredService<HealthMonitor>(), provider.GetRequiredService<LastGoodSection<PeerOptions>>()));
        services.AddHostedService<PeersHostedService>();
        return builder;
    }

    /// <inheritdoc cref="AddPeers(IFailoverBuilder)"/>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="configure">Sets options in code; they stand over those of the configuration.</param>
    public static IFailoverBuilder AddPeers(this IFailoverBuilder builder, Action<PeerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        builder.AddPeers();
        builder.Services.Configure(configure);
        return builder;
    }

    private static ILogger<NodePeers> Logger(IServiceProvider provider) => provider.GetService<ILogger<NodePeers>>() ?? NullLogger<NodePeers>.Instance;

    private static TimeProvider Time(IServiceProvider provider) => provider.GetService<TimeProvider>() ?? TimeProvider.System;
}
