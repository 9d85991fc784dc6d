using Failover.Simulation.Leases.Hosts;
using Failover.Simulation.Leases.Worlds;

namespace Failover.Simulation.Leases.Stores;

/// <summary>Where the lease is kept: the server, and what a host's process has to ask it.</summary>
internal abstract class SimStore(LeaseWorld world)
{
    private int _lineages;

    internal Server Server { get; } = new();

    internal string Lineage { get; private set; } = "L0";

    /// <summary>For which ask the lease is kept now; null if for none.</summary>
    internal abstract Guid? KeptFor { get; }

    protected LeaseWorld World => world;

    /// <summary>What one process of a host asks it through.</summary>
    internal abstract IStoreClient Connect(LeaseHost host);

    /// <summary>See <see cref="Running.LeaseFaultKind.NewLeader"/>.</summary>
    internal abstract void ChangeLeader(TimeSpan lacks);

    /// <summary>All data is lost.</summary>
    internal virtual void Rebuild() => Lineage = $"L{++_lineages}";

    /// <summary>Tells who watches that the lease was given back; some messages are lost.</summary>
    protected void TellWatchers()
    {
        foreach (LeaseHost host in world.Hosts)
        {
            int life = host.Life;
            if (!host.ToStore.Back.Loses(world.Dice))
            {
                world.Agenda.In(host.ToStore.Back.Travel(world.Dice), () => host.Receive(host.Gate.Changed, life));
            }
        }
    }
}

/// <summary>The store as one process sees it. Each question ends in one of its actions, or in none.</summary>
internal interface IStoreClient
{
    void Take(LeaseRequest request, Action<LeaseAnswer> answered, Action failed);

    void Renew(LeaseRequest request, LeaseGrant grant, Action<LeaseGrant?> answered, Action failed);

    void Release(LeaseRequest request, Action done);
}
