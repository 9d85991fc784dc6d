using Failover.Engine;
using Failover.Simulation.Checking;
using Failover.Simulation.Checking.Invariants;
using Failover.Simulation.Hosts;

namespace Failover.Simulation.Worlds;

/// <summary>What only the world can judge: promises in time, whatever the engine saw or failed to look at.</summary>
internal sealed class Promises(World world)
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest wait between two tries at the authority, and the answers to the last and the next.</summary>
    private static readonly TimeSpan Acting = TimeSpan.FromSeconds(40);

    internal void Start() => world.Agenda.In(Often, () =>
    {
        foreach (Host host in world.Hosts)
        {
            LeavesTheDead(host);
        }

        Start();
    });

    /// <summary>All has been well for long.</summary>
    internal void AtRest()
    {
        foreach (Host host in world.Hosts)
        {
            host.Checker.AtRest(host.State, world.Agenda.Now);
            GroupState state = host.State;
            bool decides = !state.Settings.NeedsLease || world.Arbiter.Holder == host;
            FailoverMember? right = world.Cluster?.Primary.Member
                ?? (decides && state.Settings.SwitchbackMode == SwitchbackMode.Auto && state.Requested is null ? world.Members[0] : state.Active);
            if (right is null || !right.Equals(state.Active) || (world.Authority is { } authority && world.Cluster is null && !authority.Current.Equals(state.Active)))
            {
                throw new InvariantViolated(nameof(EveryConditionCanBeLeft), $"all is well, and {state.Active?.Name ?? "none"} is active in place of {right?.Name ?? "another"}; the authority shows {world.Authority?.Current.Name ?? "nothing"}");
            }
        }
    }

    private void LeavesTheDead(Host host)
    {
        GroupState state = host.State;
        if (host.Paused || (state.Pinned && state.Settings.Elector == ElectorKind.Priority) || world.NodeOf(state.Active) is not { } active)
        {
            return;
        }

        if (world.Truth.DeadSince(host, active) is { } dead)
        {
            LeavesIn(host, active, dead, Truth.Detection(host.Checker.Settings));
        }
        else if (world.Truth.HalfSince(host, active) is { } half)
        {
            LeavesIn(host, active, half, Truth.DetectionBesideCalls(host.Checker.Settings));
        }
    }

    private void LeavesIn(Host host, Node active, TimeSpan dead, TimeSpan bound)
    {
        GroupState state = host.State;
        bool alone = state.Settings.Elector == ElectorKind.Priority;
        if (world.Authority is { } authority && alone)
        {
            bound += Acting;
            bool free = authority.WellSince + bound <= world.Agenda.Now && !authority.Out && !authority.Conflicts && !authority.LosesAnswers && !authority.Lies;
            bool may = !state.Settings.NeedsLease || (world.Arbiter.Holder == host && world.Arbiter.HeldSince + bound <= world.Agenda.Now);
            if (!free || !may)
            {
                return;
            }
        }

        // Another hand may have pointed to it when it was dead already.
        dead = dead > host.ActiveSince ? dead : host.ActiveSince;
        if (world.Agenda.Now - dead > bound && (!alone || AnotherIsWell(host)))
        {
            throw new InvariantViolated(nameof(UnhealthyActiveIsLeft), $"{active.Member} is dead since {dead} and still active at {world.Agenda.Now}; the thresholds promise {bound}");
        }
    }

    private bool AnotherIsWell(Host host)
    {
        foreach (MemberState member in host.State.Members)
        {
            if (!member.IsDrained && world.NodeOf(member.Member) is { } node && world.Truth.SolidSince(host, node) is { } since
                && world.Agenda.Now - since > Truth.Recovery(host.Checker.Settings) + TimeSpan.FromSeconds(5))
            {
                return true;
            }
        }

        return false;
    }
}
