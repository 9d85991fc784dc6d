using Failover.Simulation.Leases.Hosts;

namespace Failover.Simulation.Leases.Checking;

/// <summary>A lease that a store has granted: whether the host hears of it or not.</summary>
/// <param name="Order">Which in true time.</param>
/// <param name="To">The host.</param>
/// <param name="Epoch">The token.</param>
internal sealed record GrantMade(int Order, LeaseHost To, Epoch Epoch)
{
    /// <summary>Whether it was given back, or another was granted since.</summary>
    internal bool IsGone { get; set; }
}

/// <summary>What was granted, in true time.</summary>
internal sealed class LeaseLedger
{
    private readonly Dictionary<Guid, GrantMade> _grants = [];

    internal Guid Newest { get; private set; }

    internal GrantMade? Find(Guid attempt) => _grants.GetValueOrDefault(attempt);

    internal void Add(Guid attempt, LeaseHost to, Epoch epoch)
    {
        if (Find(Newest) is { } former)
        {
            former.IsGone = true;
        }

        _grants[attempt] = new(_grants.Count, to, epoch);
        Newest = attempt;
    }

    /// <summary>A store that forgets what it did last may go on with what was before.</summary>
    internal void LostSome()
    {
        foreach (GrantMade grant in _grants.Values)
        {
            grant.IsGone = false;
        }
    }
}
