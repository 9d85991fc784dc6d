namespace Failover.Simulation.Leases.Stores;

/// <summary>A lease as a store keeps it.</summary>
/// <param name="Attempt">For which ask.</param>
/// <param name="Holder">The name of who asked.</param>
/// <param name="Epoch">Its token.</param>
/// <param name="Until">Until when, by the clock of the store.</param>
internal sealed record Kept(Guid Attempt, string Holder, Epoch Epoch, TimeSpan Until);
