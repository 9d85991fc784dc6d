using Failover.Election;
using Failover.Engine;
using Failover.Simulation.Checking;
using Failover.Simulation.Running;
using Failover.Simulation.Worlds;

namespace Failover.Simulation.Hosts;

/// <summary>One process with the engine in it: what the monitor is in the real thing. Takes one event at a time, and carries out the effects.</summary>
internal sealed class Host(World world, int index, IFold fold, Log log)
{
    private readonly Queue<Action> _inbox = new();
    private Calls? _calls;
    private Prober? _prober;
    private Checker? _checker;
    private TimeSpan _wakeAt = TimeSpan.MaxValue;
    private long _wakes;

    internal int Index { get; } = index;

    /// <summary>Grows with each restart; what an earlier life was waiting for is never told.</summary>
    internal int Life { get; private set; }

    internal bool Paused { get; private set; }

    internal GroupState State { get; private set; } = null!;

    /// <summary>Since when the active member has been active.</summary>
    internal TimeSpan ActiveSince { get; private set; }

    internal Checker Checker => _checker!;

    internal void Start(EpochBook epochs)
    {
        Life++;
        Paused = false;
        _inbox.Clear();
        if (_calls is null)
        {
            _calls = new(world, this);
            _calls.Start();
        }

        _prober = new(world, this);
        _calls.Forget();
        GroupSettings settings = world.Scenario.Settings;
        ulong seed = world.Dice.Next();
        Moment now = world.Now;
        Step step = fold.Start(settings, world.Members, epochs, seed, now);
        State = step.State;
        _wakeAt = TimeSpan.MaxValue;
        _checker = log.Begin(this, new Beginning(settings, world.Members, epochs, seed, now), step);
        Carry(step.Effects);
        world.Truth.Restart(this);
    }

    /// <summary>Something arrives. While the process stands still it waits.</summary>
    internal void Post(GroupEvent happened, int life)
    {
        if (life == Life)
        {
            Post(happened);
        }
    }

    internal void Post(GroupEvent happened)
    {
        if (Paused)
        {
            _inbox.Enqueue(() => Feed(happened));
        }
        else
        {
            Feed(happened);
        }
    }

    /// <summary>Something else of this process goes on, once it does not stand still.</summary>
    internal void WhenRunning(Action action, int life)
    {
        if (life != Life)
        {
            return;
        }

        if (Paused)
        {
            _inbox.Enqueue(action);
        }
        else
        {
            action();
        }
    }

    /// <summary>The whole process stands still: a collection, a suspended machine.</summary>
    internal void Pause(TimeSpan length)
    {
        if (Paused)
        {
            return;
        }

        Paused = true;
        int life = Life;
        world.Truth.Restart(this);
        world.Agenda.In(length, () =>
        {
            if (life == Life)
            {
                Resume();
            }
        });
    }

    internal void Resume()
    {
        if (!Paused)
        {
            return;
        }

        // The timer that is overdue and the messages that have come in race each other.
        Paused = false;
        bool first = world.Dice.Chance(0.5);
        if (first)
        {
            WakeIfDue();
        }

        FeedMeters();
        while (_inbox.TryDequeue(out Action? next))
        {
            next();
        }

        WakeIfDue();
        world.Truth.Restart(this);
    }

    private void WakeIfDue()
    {
        if (_wakeAt <= world.Agenda.Now)
        {
            Wake();
        }
    }

    private void Wake()
    {
        _wakeAt = TimeSpan.MaxValue;
        FeedMeters();
        Feed(Tick.Instance);
    }

    private void FeedMeters()
    {
        foreach (MeterRead read in _calls!.Changed().ToList())
        {
            Feed(read);
        }
    }

    private void Feed(GroupEvent happened)
    {
        GroupState before = State;
        Moment now = world.Now;
        Step step = log.Apply(fold, Checker, before, happened, now);
        State = step.State;
        if (!Equals(before.Active, State.Active))
        {
            ActiveSince = now.Elapsed;
        }

        Checker.Saw(new Seen(happened, now, before, step.State, step.Effects));
        if (happened is OptionsChanged or PinChanged or Drained or MembersChanged or SwitchRequested)
        {
            world.Truth.Restart(this);
        }

        Carry(step.Effects);
    }

    private void Carry(IReadOnlyList<GroupEffect> effects)
    {
        foreach (GroupEffect effect in effects)
        {
            switch (effect)
            {
                case Probe probe:
                    _prober!.Send(probe);
                    break;
                case Switch { Target: not null, LeaseToken: { } token } late when !world.Arbiter.IsHeld(this, token):
                    // It stood still, and its timers have not come to run yet.
                    Refuse(late);
                    break;
                case Switch asked:
                    world.Authority!.Serve(this, asked);
                    break;
                case AcquireLease:
                    world.Arbiter.Ask(this);
                    break;
                case WakeAt wake:
                    SetTimer(wake.At);
                    break;
                default:
                    break;
            }
        }
    }

    private void Refuse(Switch late)
    {
        int life = Life;
        world.Agenda.In(TimeSpan.FromMilliseconds(1), () => Post(new SwitchCompleted(late.Operation, SwitchOutcome.Failed, null, "the lease has run out"), life));
    }

    private void SetTimer(TimeSpan at)
    {
        long number = ++_wakes;
        _wakeAt = at;
        if (at == TimeSpan.MaxValue)
        {
            return;
        }

        world.Agenda.At(at, () =>
        {
            if (number == _wakes && _wakeAt == at && !Paused)
            {
                Wake();
            }
        });
    }
}
