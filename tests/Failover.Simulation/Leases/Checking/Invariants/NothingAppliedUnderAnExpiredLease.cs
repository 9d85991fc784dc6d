using Failover.Simulation.Leases.Worlds;

namespace Failover.Simulation.Leases.Checking.Invariants;

/// <summary>
/// Acts are applied in the order in which their leases were granted: once an act of a newer holder has been applied, none of a former one is, whenever it was sent, however long its sender or its message stood still. And where versions are compared,
/// each act is applied on what it was decided on.
/// <para>
/// No more can be promised by a resource that only compares: an act that was sent while its lease was valid, and comes when that is over, is still applied if the next holder has not acted yet. To the resource it has come in time, and the next holder
/// finds it there when it first reads or writes. So whoever begins to act writes first, or reads and compares; from then on nobody else's act comes between its own.
/// </para>
/// </summary>
internal sealed class NothingAppliedUnderAnExpiredLease : LeaseInvariant
{
    private GrantMade? _last;

    internal override void Applied(Act act, long version)
    {
        Judge();
        GrantMade grant = Ledger.Find(act.Attempt)!;
        if (_last is { } last && grant.Order < last.Order)
        {
            Fail($"an act of host-{grant.To.Index} under {grant.Epoch} is applied after one of host-{last.To.Index} under {last.Epoch}, which was granted later");
        }

        if (World.Scenario.Compares.HasFlag(Compares.Versions) && act.Version is { } decidedOn && decidedOn != version)
        {
            Fail($"an act of host-{grant.To.Index} that was decided on version {decidedOn} is applied on {version}");
        }

        _last = grant;
    }
}
