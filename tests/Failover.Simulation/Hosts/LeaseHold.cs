using System.Collections.Immutable;
using Failover.Engine;
using Failover.Leases;
using Failover.Simulation.Worlds;

namespace Failover.Simulation.Hosts;

/// <summary>One lease of one host, carried through the real fold as the keeper of a group does: granted, renewed, lost by the host's own clocks. While the process stands still nothing of it goes on.</summary>
internal sealed class LeaseHold(World world, Host host)
{
    internal static readonly LeaseSettings Settings = new(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(0.8));

    private readonly int _life = host.Life;
    private LeaseState _state = new(Settings);
    private int _timers;

    internal Host Host => host;

    internal TimeSpan Since { get; private set; }

    internal long Token => _state.Grant!.Epoch.Number;

    internal bool MayAct => _life == host.Life && _state.MayAct(world.Now);

    internal bool IsOver => _life != host.Life || _state.Phase == LeasePhase.Over;

    internal void Ask() => Post(new Asked());

    /// <summary>The engine was told that it has no lease, though it has, or is about to.</summary>
    internal void TellAgain()
    {
        if (MayAct)
        {
            host.Post(new LeaseGranted(Token), _life);
        }
    }

    private void Post(LeaseEvent happened) => host.WhenRunning(() =>
    {
        (_state, ImmutableArray<LeaseEffect> effects) = LeaseFold.Apply(_state, happened, world.Now);
        SetTimer();
        foreach (LeaseEffect effect in effects)
        {
            CarryOut(effect);
        }
    }, _life);

    private void SetTimer()
    {
        int timer = ++_timers;
        if (_state.NextWake(world.Now) is { } wake)
        {
            world.Agenda.At(wake, () =>
            {
                if (timer == _timers)
                {
                    Post(new TimePassed());
                }
            });
        }
    }

    private void CarryOut(LeaseEffect effect)
    {
        switch (effect)
        {
            case Take take:
                Call(take.Operation, () => new TakeAnswered(take.Operation, world.Arbiter.Take(this)));
                break;
            case Renew renew:
                Call(renew.Operation, () => new RenewalAnswered(renew.Operation, world.Arbiter.Renew(this)));
                break;
            case Release when !world.Arbiter.Out:
                world.Agenda.In(Travel(), () => world.Arbiter.Release(this));
                break;
            case TellGranted:
                Since = world.Agenda.Now;
                host.Post(new LeaseGranted(Token), _life);
                break;
            case TellNotGranted or TellOver:
                host.Post(new LeaseLost(), _life);
                break;
            default:
                break;
        }
    }

    private void Call(int operation, Func<LeaseEvent> work)
    {
        world.Agenda.In(Settings.CallLimit, () => Post(new CallFailed(operation, "no answer in time")));
        if (!world.Arbiter.Out)
        {
            world.Agenda.In(Travel(), () =>
            {
                LeaseEvent answer = work();
                world.Agenda.In(Travel(), () => Post(answer));
            });
        }
    }

    private TimeSpan Travel() => world.Dice.SecondsByMagnitude(0.001, 0.5);
}
