using Failover.Simulation.Leases.Hosts;
using Failover.Simulation.Leases.Worlds;

namespace Failover.Simulation.Leases.Running;

/// <summary>Carries out the faults of a scenario, and mends each after its time.</summary>
internal sealed class LeaseFaults(LeaseWorld world)
{
    internal void Start()
    {
        foreach (LeaseFault fault in world.Scenario.Faults)
        {
            world.Agenda.At(fault.At, () =>
            {
                LeaseHost host = fault.Host is { } index ? world.Hosts[index] : world.Checker.Newest ?? world.Hosts[0];
                world.Trace?.Add(host, fault.What);
                Do(fault, host);
            });
        }
    }

    /// <summary>Ends all faults.</summary>
    internal void Heal()
    {
        world.Calm = true;
        world.Store.Server.Away = false;
        world.Resource.Trust(world.Store.Lineage);
        world.Store.Server.Thaw();
        world.Resource.Server.Thaw();
        foreach (LeaseHost host in world.Hosts)
        {
            world.Trace?.Add(host, "all is well from now on");
            host.Heal();
        }
    }

    private void Do(LeaseFault fault, LeaseHost host)
    {
        switch (fault.Kind)
        {
            case LeaseFaultKind.Stop:
                host.Stop(fault.Length, sleeps: false);
                break;
            case LeaseFaultKind.StopBeforeSend:
            case LeaseFaultKind.StopAfterSend:
                host.StopAtSend(fault.Length, sleeps: false, sent: fault.Kind == LeaseFaultKind.StopAfterSend);
                break;
            case LeaseFaultKind.SleepBeforeSend:
            case LeaseFaultKind.SleepAfterSend:
                host.StopAtSend(fault.Length, sleeps: true, sent: fault.Kind == LeaseFaultKind.SleepAfterSend);
                break;
            case LeaseFaultKind.Sleep:
                host.Stop(fault.Length, sleeps: true);
                break;
            case LeaseFaultKind.Crash:
                host.Crash(fault.Length);
                break;
            case LeaseFaultKind.WallForward:
            case LeaseFaultKind.WallBack:
                host.Clock.Jump(fault.Kind == LeaseFaultKind.WallBack ? -fault.Amount : fault.Amount);
                world.Checker.Instant();
                break;
            case LeaseFaultKind.CutStore:
                host.ToStore.Cut(true);
                For(fault, () => host.ToStore.Cut(false));
                break;
            case LeaseFaultKind.CutAnswersOfStore:
                host.ToStore.Back.Cut = true;
                For(fault, () => host.ToStore.Back.Cut = false);
                break;
            case LeaseFaultKind.CutResource:
                host.ToResource.Cut(true);
                For(fault, () => host.ToResource.Cut(false));
                break;
            case LeaseFaultKind.LossyStore:
                host.ToStore.Lose(world.Dice.Seconds(0.05, 0.6).TotalSeconds);
                For(fault, () => host.ToStore.Lose(0));
                break;
            case LeaseFaultKind.LateStore:
                host.ToStore.Delay(fault.Amount);
                For(fault, () => host.ToStore.Delay(TimeSpan.Zero));
                break;
            case LeaseFaultKind.LateResource:
                host.ToResource.Delay(fault.Amount);
                For(fault, () => host.ToResource.Delay(TimeSpan.Zero));
                break;
            case LeaseFaultKind.StoreAway:
                Away(fault);
                break;
            case LeaseFaultKind.StoreFrozen:
                world.Store.Server.Freeze();
                For(fault, world.Store.Server.Thaw);
                break;
            case LeaseFaultKind.ResourceFrozen:
                world.Resource.Server.Freeze();
                For(fault, world.Resource.Server.Thaw);
                break;
            case LeaseFaultKind.NewLeader:
                world.Store.ChangeLeader(fault.Amount);
                Away(fault with { Length = fault.Length / 10 });
                break;
            case LeaseFaultKind.Rebuild:
                world.Store.Rebuild();

                // People trust the arbiter that is there when they say so: nobody goes back to one that was rebuilt since.
                For(fault, () => world.Resource.Trust(world.Store.Lineage));
                break;
            case LeaseFaultKind.GiveBack:
                host.Receive(() => host.Gate.GiveBack(fault.Length), host.Life);
                break;
            default:
                throw new InvalidOperationException($"{fault.Kind}");
        }
    }

    private void Away(LeaseFault fault)
    {
        world.Store.Server.Away = true;
        For(fault, () => world.Store.Server.Away = false);
    }

    private void For(LeaseFault fault, Action undo) => world.Agenda.In(fault.Length, () =>
    {
        if (!world.Calm)
        {
            undo();
        }
    });
}
