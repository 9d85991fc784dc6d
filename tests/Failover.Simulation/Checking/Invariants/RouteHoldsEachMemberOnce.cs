using System.Collections.Immutable;

namespace Failover.Simulation.Checking.Invariants;

/// <summary>The route holds each member once, and begins with the active one unless that has been given up.</summary>
internal sealed class RouteHoldsEachMemberOnce : Invariant
{
    internal override void After(in Seen seen)
    {
        ImmutableArray<FailoverMember> route = seen.After.Route;
        if (route == seen.Before.Route && seen.After.Members.Length == seen.Before.Members.Length && !seen.ActiveChanged)
        {
            return;
        }

        if (route.Length != Ledger.Members.Count || route.Distinct().Count() != route.Length || route.Any(m => Ledger.Find(m) is null))
        {
            Fail($"the route is {string.Join(", ", route)}; the members are {string.Join(", ", Ledger.Members.Select(m => m.Member))}");
        }

        if (Ledger.Find(seen.After.Active) is { Standing: Standing.Healthy or Standing.Suspect } active && !route[0].Equals(active.Member))
        {
            Fail($"{active.Member} is active, and the route begins with {route[0]}");
        }
    }
}
