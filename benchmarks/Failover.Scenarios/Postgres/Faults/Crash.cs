using Failover.TestServers.Patroni;

namespace Failover.Scenarios.Postgres.Faults;

/// <summary>The primary and its Patroni get a SIGKILL.</summary>
internal sealed class Crash : MovingFault
{
    internal override string Name => "crash";

    protected override Task BreakAsync(PatroniCluster cluster, PatroniNode primary) => primary.KillAsync();
}
