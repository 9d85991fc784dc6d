using Failover.Scenarios.Faults;
using Failover.TestServers.Patroni;

namespace Failover.Scenarios.Postgres.Faults;

/// <summary>Patroni is asked to move the primary.</summary>
internal sealed class PlannedSwitchover : MovingFault
{
    internal override string Name => "switchover";

    // It answers when it is done; the new primary is there before.
    protected override Task BreakAsync(PatroniCluster cluster, PatroniNode primary) => cluster.RequestSwitchoverAsync(primary, to: null);

    protected override IEnumerable<Bar> FollowBars(string client, IReadOnlyList<PostgresRow> ours, IReadOnlyList<PostgresRow> all)
    {
        int refused = ours.Sum(static row => row.Details.ReadOnlyErrors);
        return base.FollowBars(client, ours, all).Append(new($"{client}: no 25006 reaches the caller (was {refused})", refused == 0));
    }
}
