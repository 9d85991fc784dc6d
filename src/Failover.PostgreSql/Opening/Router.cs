using Failover.PostgreSql.Nodes;
using Microsoft.Extensions.Primitives;

namespace Failover.PostgreSql.Opening;

/// <summary>
/// Keeps the nodes' pools in step with the group: the one that was left loses its connections, and callers wait until another has proven itself. Whoever comes first with a new snapshot does it, be it the group or a caller. Safe for any thread.
/// </summary>
internal sealed class Router : IDisposable
{
    private readonly FailoverGroup _group;
    private readonly ClusterNodes _nodes;
    private readonly Lock _gate = new();
    private readonly IDisposable _subscription;
    private volatile Route _route;
    private Node? _last;

    internal Router(FailoverGroup group, ClusterNodes nodes, OpenGate gate)
    {
        (_group, _nodes, Gate) = (group, nodes, gate);
        _route = new Route(group.Snapshot, null);
        _subscription = ChangeToken.OnChange(group.GetChangeToken, () => Current());
        Follow(group.Snapshot, isFirst: true);
    }

    internal OpenGate Gate { get; }

    /// <summary>Returns where connections go now. One volatile read and one comparison as long as nothing changes.</summary>
    internal Route Current()
    {
        Route route = _route;
        GroupSnapshot snapshot = _group.Snapshot;
        return ReferenceEquals(route.Snapshot, snapshot) ? route : Follow(snapshot, isFirst: false);
    }

    public void Dispose()
    {
        _subscription.Dispose();
        Gate.End();
    }

    private Route Follow(GroupSnapshot snapshot, bool isFirst)
    {
        lock (_gate)
        {
            if (!isFirst && snapshot.Version <= _route.Snapshot.Version)
            {
                return _route;
            }

            Node? active = snapshot.Active is { } member ? _nodes.Of(member) : null;
            if (!ReferenceEquals(active, _last))
            {
                _last?.Leave();
                active?.Trust();
                _last = active;
            }

            foreach (MemberSnapshot moved in snapshot.Members)
            {
                // The primary's when callers wait: the probe that dropped its session said so.
                if (_nodes.Of(moved.Member) is { } node && (!ReferenceEquals(node, active) || snapshot.Condition != GroupCondition.Settled))
                {
                    node.LeaveOldPool();
                }
            }

            foreach (MemberSnapshot readable in snapshot.Readable)
            {
                _nodes.Of(readable.Member).Trust();
            }

            if (_route.Snapshot.Members.Length != snapshot.Members.Length || !_route.Snapshot.Members.Select(static m => m.Member).SequenceEqual(snapshot.Members.Select(static m => m.Member)))
            {
                _nodes.Keep(snapshot.Members.Select(static m => m.Member));
            }

            Route route = new(snapshot, snapshot.Condition == GroupCondition.Settled ? active : null);
            _route = route;
            if (route.Primary is not null)
            {
                Gate.Open();
            }
            else if (route.MayCome)
            {
                Gate.Close();
                Prepare(snapshot);
            }
            else
            {
                Gate.Refuse();
            }

            return route;
        }
    }

    /// <summary>Lets each standby have a connection ready, whichever will be promoted.</summary>
    private void Prepare(GroupSnapshot snapshot)
    {
        if (snapshot.Condition != GroupCondition.Switching)
        {
            return;
        }

        foreach (MemberSnapshot member in snapshot.Members)
        {
            if (member is { Role: MemberRole.Replica, Verdict: Verdict.Healthy })
            {
                _nodes.Of(member.Member).Prepare(snapshot.Since);
            }
        }
    }
}
