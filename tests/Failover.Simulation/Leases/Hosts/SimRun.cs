using System.Collections.Immutable;
using Failover.Leases;
using Failover.Simulation.Leases.Checking;
using Failover.Simulation.Leases.Reporting;
using Failover.Simulation.Leases.Worlds;

namespace Failover.Simulation.Leases.Hosts;

/// <summary>Carries one lease through its life, as the run of the arbiter does: takes the next event, asks the fold, and does what it says. Each call ends by putting one event in.</summary>
internal sealed class SimRun
{
    private readonly LeaseWorld _world;
    private readonly LeaseHost _host;
    private readonly LeaseGate _gate;
    private readonly int _life;
    private int _timers;
    private bool _released;

    internal SimRun(LeaseWorld world, LeaseHost host, LeaseGate gate, Guid attempt)
    {
        (_world, _host, _gate, _life) = (world, host, gate, host.Life);
        Request = new("nightly", host.Name, attempt, world.Scenario.Settings.Duration);
        State = new(world.Rules.Settings(world.Scenario.Settings));
    }

    internal LeaseRequest Request { get; }

    internal LeaseState State { get; private set; }

    internal void Start() => Post(new Asked());

    internal void Post(LeaseEvent happened)
    {
        if (_life != _host.Life)
        {
            return;
        }

        Moment now = _host.Clock.Now;
        LeaseState before = State;
        _world.Tally.Count(before.Phase, happened);
        _world.Trace?.Add(_host, happened, now);
        (State, ImmutableArray<LeaseEffect> effects) = _world.Rules.Apply(before, happened, now);
        _world.Checker.Folded(new(_host, this, happened, now, before, State, effects));
        SetTimer(now);
        foreach (LeaseEffect effect in effects)
        {
            CarryOut(effect, asked: before.Phase == LeasePhase.Asking);
        }
    }

    private void SetTimer(Moment now)
    {
        int timer = ++_timers;
        if (_world.Rules.NextWake(State, now) is { } wake)
        {
            _host.After(wake - now.Elapsed, () =>
            {
                if (timer == _timers)
                {
                    Post(new TimePassed());
                }
            });
        }
    }

    private void CarryOut(LeaseEffect effect, bool asked)
    {
        switch (effect)
        {
            case Take take:
                Call(take.Operation, (answered, failed) => _host.Store.Take(Request, answer => answered(new TakeAnswered(take.Operation, answer)), failed));
                break;
            case Renew renew:
                Call(renew.Operation, (answered, failed) => _host.Store.Renew(Request, State.Grant!, grant => answered(new RenewalAnswered(renew.Operation, grant)), failed));
                break;
            case Release:
                _host.Store.Release(Request, () => Released(asked));
                _host.After(_world.Scenario.Settings.CallLimit, () => Released(asked));
                break;
            case TellGranted:
                _gate.Granted();
                break;
            case TellNotGranted { Answer: { } answer }:
                _gate.Refused(answer);
                break;
            default:
                break;
        }
    }

    private void Call(int operation, Action<Action<LeaseEvent>, Action> ask)
    {
        bool ended = false;
        _host.After(_world.Scenario.Settings.CallLimit, () => End(new CallFailed(operation, "no answer in time")));
        ask(
            answer =>
            {
                // What comes too late is mostly dropped by the real run; the fold must ignore all of it.
                if (ended && _world.Dice.Chance(0.5))
                {
                    _world.Tally.Saw(Sight.LateAnswer);
                    Post(answer);
                }

                End(answer);
            },
            () => End(new CallFailed(operation, "refused")));

        void End(LeaseEvent came)
        {
            if (!ended)
            {
                ended = true;
                Post(came);
            }
        }
    }

    private void Released(bool asked)
    {
        if (!_released && _gate.Lease == this)
        {
            _released = true;
            _gate.Ended(asked);
        }
    }
}
