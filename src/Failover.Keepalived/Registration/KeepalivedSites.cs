using System.Collections.Concurrent;
using Failover.Keepalived.Sites;
using Failover.Keepalived.SplitBrain;
using Failover.Keepalived.Watching;
using Failover.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Failover.Keepalived.Registration;

/// <summary>The sites of a container, each made once with its group. They begin with the host, hand over before it stops, and end after it. Safe for any thread.</summary>
internal sealed class KeepalivedSites(IServiceProvider services) : INodeClaims, IHostedLifecycleService, IAsyncDisposable, IDisposable
{
    private readonly ConcurrentDictionary<string, SiteRun> _runs = new(StringComparer.OrdinalIgnoreCase);
    private readonly FifoReaders _fifos = new();
    private readonly ConcurrentDictionary<string, KeepalivedSite> _sites = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes what a group is made of. Called once for each, when the group is made.</summary>
    /// <exception cref="OptionsValidationException">Something that it needs is not registered.</exception>
    internal SiteRun Make(FailoverGroupBuilder group, KeepalivedOptions options)
    {
        string name = group.Name;
        if (services.GetService<IFailoverHealth>() is not { } health || services.GetService<IPeerClaims>() is not { } peers)
        {
            throw new OptionsValidationException(name, typeof(KeepalivedOptions), [$"The virtual address of {name} needs the health of this node and of its peer: call AddFailover().AddPeers() of Failover.HealthChecks."]);
        }

        TimeProvider time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        ILogger logger = new SafeLogger((services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<KeepalivedSite>());
        LastGoodOptions<GroupOptions> settings = services.GetRequiredService<LastGoodOptions<GroupOptions>>();
        IArbiter? arbiter = services.GetKeyedService<WitnessSetup>(name) is { } witness ? ArbiterBuilder.Create(name, services, witness.Configure) : null;
        FailoverGroups groups = services.GetRequiredService<FailoverGroups>();
        SiteRun run = new(name, options, new SiteParts
        {
            Health = health,
            Peers = peers,
            Foreign = new ForeignHolders(options, time, logger),
            Fifos = _fifos,
            Arbiter = arbiter,
            Group = () => settings.Get(name),
            IsPinned = () => groups[name].Snapshot.IsPinned,
            Time = time,
            Logger = logger,
        });
        group.ElectByRole().AddMember(run.Self).AddMember(run.Peer).UseProbe(new VrrpProbe(run)).UseSwitcher(new VrrpSwitcher(run)).AddHintSource(new VrrpHints(run));
        return _runs[name] = run;
    }

    /// <summary>Returns the site of a group.</summary>
    /// <exception cref="InvalidOperationException">The group is of another kind.</exception>
    internal KeepalivedSite Of(string name)
    {
        FailoverGroup group = services.GetRequiredService<FailoverGroups>()[name];
        return _sites.GetOrAdd(group.Name, _ => _runs.TryGetValue(group.Name, out SiteRun? run)
            ? new(group, run)
            : throw new InvalidOperationException($"The failover group '{group.Name}' is of kind {group.Kind}: only a group of kind Keepalived has a {nameof(KeepalivedSite)}."));
    }

    internal SiteRun RunOf(string name)
    {
        _ = Of(name);
        return _runs[name];
    }

    public IEnumerable<KeyValuePair<string, string>> Read() => _runs.Values.Select(static run => KeyValuePair.Create(VrrpClaim.NameOf(run.Group), run.Claim.ToString()));

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Tells keepalived that this node is unproven, until its checks have passed.</summary>
    /// <exception cref="OptionsValidationException">A node is called otherwise to its peer, or two groups have what only one can.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // All are there before one begins: those with one FIFO have one reader.
        SiteRun[] runs = [.. services.GetRequiredService<FailoverGroups>().Select(group => _runs.GetValueOrDefault(group.Name)).OfType<SiteRun>()];
        SitesRule.Check(runs, services.GetService<IPeerClaims>()?.Node);
        foreach (SiteRun run in runs)
        {
            run.Start();
        }

        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>While requests are still served.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.WhenAll(_runs.Values.Select(run => run.HandOverAsync(cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        foreach (SiteRun run in _runs.Values)
        {
            run.End();
        }

        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (SiteRun run in _runs.Values)
        {
            await run.DisposeAsync().ConfigureAwait(false);
        }
    }

    public void Dispose() => Task.Run(() => DisposeAsync().AsTask()).GetAwaiter().GetResult();
}
