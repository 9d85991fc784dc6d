using Failover.PostgreSql.Cutting;
using Failover.PostgreSql.Lag;
using Failover.PostgreSql.Names;
using Failover.PostgreSql.Opening;
using Failover.PostgreSql.Patroni;
using Failover.PostgreSql.Probing;
using Failover.PostgreSql.Rds;
using Microsoft.Extensions.Logging;

namespace Failover.PostgreSql.Nodes;

/// <summary>What a group of PostgreSQL nodes is made of, and follows.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly PostgreSqlProbe _probe;
    private volatile PostgreSqlGroupOptions _options;
    private volatile ClusterString _string;
    private volatile PatroniSettings _patroni;

    /// <param name="group">The name of the group.</param>
    /// <param name="options">Its settings, which are valid.</param>
    /// <param name="parts">What its nodes have in common.</param>
    internal Cluster(string group, PostgreSqlGroupOptions options, NodeParts parts)
    {
        _options = options;
        _string = Read(options);
        _patroni = PatroniOf(options, _string);
        parts = parts with
        {
            Cutting = new CutSettings { SoftCancel = options.SoftCancel },
            ProbeUserName = options.ProbeUserName,
            ProbePassword = options.ProbePassword,
        };
        Parts = parts;
        Nodes = new ClusterNodes(group, _string, parts);
        _probe = new PostgreSqlProbe(Nodes, new ReplicationLag(group, new PositionClock(), () => _options.Lag, parts.Loggers), parts.Time);
    }

    internal ClusterNodes Nodes { get; }

    internal NodeParts Parts { get; }

    internal ClusterString String => _string;

    internal OpenLimits Limits => new(_options.MaxWait, _options.FailFast);

    /// <summary>Gives a group its probe, its members and what tells it when to look.</summary>
    /// <param name="group">The builder of the group.</param>
    /// <param name="made">Gets the group when it is made and has started.</param>
    internal void AddTo(FailoverGroupBuilder group, Func<FailoverGroup> made)
    {
        foreach (FailoverMember member in _string.Members)
        {
            group.AddMember(member);
        }

        group.CheckMembers(ClusterString.WhyNotMember)
            .UseProbe(_probe)
            .ElectByRole()
            .CannotSwitch("PostgreSQL's nodes are switched by what promotes them: Patroni (patronictl switchover), RDS, or whoever calls pg_promote().");
        group.AddHintSource((time, _) => new NameWatch(made, Parts.Resolve, Nodes.Moved, time));
        if (_options.DiscoverRdsMembers && (_options.IsRds || _string.Members.Any(static member => RdsTopology.IsRds(member.Address.IdnHost))))
        {
            group.AddHintSource((time, loggers) => new RdsMembers(made, Nodes, () => _patroni.Allowed, loggers.CreateLogger("Failover.PostgreSql"), time));
        }

        if (_options.Patroni.Enabled)
        {
            group.AddHintSource((time, loggers) => new PatroniHints(
                group.Name,
                () => _patroni,
                () => [.. made().Snapshot.Members.Select(static member => member.Member)],
                members => made().SetMembers(members),
                loggers.CreateLogger("Failover.PostgreSql"),
                time));
        }
    }

    /// <summary>Carries changed settings into the running group.</summary>
    /// <exception cref="ArgumentException">More than the nodes has changed in the connection string.</exception>
    internal void Change(FailoverGroup group, PostgreSqlGroupOptions options)
    {
        ClusterString changed = Read(options);
        if (!changed.DiffersInNodesOnly(_string))
        {
            throw new ArgumentException("ConnectionString may change its nodes alone while the app runs; for all else restart the app", nameof(options));
        }

        if (!changed.Members.SequenceEqual(_string.Members))
        {
            group.SetMembers(changed.Members);
        }

        _string = changed;
        _options = options;
        _patroni = PatroniOf(options, changed);
    }

    public ValueTask DisposeAsync() => Nodes.DisposeAsync();

    private static PatroniSettings PatroniOf(PostgreSqlGroupOptions options, ClusterString cluster) =>
        new(options.Patroni, AllowedMembers.Of(options.Patroni.AllowedMembers, cluster.Members, onAnyPort: false, cluster.VerifiesFully));

    private static ClusterString Read(PostgreSqlGroupOptions options) =>
        ClusterString.Read(options.ConnectionString, out string? whyNot) ?? throw new ArgumentException($"ConnectionString {whyNot}", nameof(options));
}
