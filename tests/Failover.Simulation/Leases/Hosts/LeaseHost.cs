using Failover.Simulation.Leases.Reporting;
using Failover.Simulation.Leases.Stores;
using Failover.Simulation.Leases.Worlds;

namespace Failover.Simulation.Leases.Hosts;

/// <summary>One machine with one process on it that wants the lease. Whatever comes while it stands still waits, timers included, and is done in any order when it goes on.</summary>
internal sealed class LeaseHost(LeaseWorld world, int index)
{
    private readonly List<Action> _inbox = [];
    private (TimeSpan Length, bool Sleeps, bool Sent)? _stopAtSend;
    private int _stops;

    internal int Index => index;

    internal string Name { get; } = world.Scenario.SameNames ? "host" : $"host-{index}";

    internal HostClock Clock { get; } = new(world.Agenda, world.Scenario.Rates[index]);

    internal Way ToStore { get; } = new();

    internal Way ToResource { get; } = new();

    /// <summary>Grows with each restart; what an earlier life was waiting for is never told.</summary>
    internal int Life { get; private set; }

    internal bool Runs { get; private set; }

    internal LeaseGate Gate { get; private set; } = null!;

    internal IStoreClient Store { get; private set; } = null!;

    internal void Start()
    {
        Life++;
        Runs = true;
        Store = world.Store.Connect(this);
        Gate = new(world, this);
        Gate.Ask();
    }

    internal void Receive(Action action, int life)
    {
        if (life != Life)
        {
            return;
        }

        if (Runs)
        {
            action();
        }
        else
        {
            _inbox.Add(action);
        }
    }

    /// <summary>What was decided to be sent is sent; the process may stand still right before, or right after.</summary>
    internal void Send(Action send)
    {
        if (!Runs || _stopAtSend is not { } stop)
        {
            Receive(send, Life);
            return;
        }

        _stopAtSend = null;
        if (stop.Sent)
        {
            send();
        }

        Stop(stop.Length, stop.Sleeps);
        if (!stop.Sent)
        {
            Receive(send, Life);
        }
    }

    /// <summary>A timer, by the monotonic clock.</summary>
    internal void After(TimeSpan delay, Action action)
    {
        int life = Life;
        TimeSpan due = Clock.Elapsed + delay;
        Wait();

        void Wait() => world.Agenda.At(Clock.TrueTimeOf(due), () => Receive(Ring, life));

        void Ring()
        {
            // It slept meanwhile.
            if (Clock.Elapsed < due)
            {
                Wait();
            }
            else
            {
                action();
            }
        }
    }

    /// <summary>When it next sends something.</summary>
    internal void StopAtSend(TimeSpan length, bool sleeps, bool sent) => _stopAtSend = (length, sleeps, sent);

    internal void Stop(TimeSpan length, bool sleeps)
    {
        if (!Runs)
        {
            return;
        }

        world.Trace?.Add(this, sleeps ? "falls asleep" : "stands still");
        Runs = false;
        if (sleeps)
        {
            Clock.Sleep();
        }

        int stop = ++_stops;
        int life = Life;
        world.Agenda.In(length, () =>
        {
            if (stop == _stops && life == Life)
            {
                GoOn();
            }
        });
    }

    internal void GoOn()
    {
        _stopAtSend = world.Calm ? null : _stopAtSend;
        if (Runs)
        {
            return;
        }

        Runs = true;
        Clock.Wake();
        world.Trace?.Add(this, "goes on");
        if (Gate.Lease is { State.Phase: Failover.Leases.LeasePhase.Held })
        {
            world.Tally.Saw(Sight.HolderWoke);
        }

        world.Checker.Instant();
        List<Action> waiting = [.. _inbox];
        _inbox.Clear();
        int life = Life;
        while (waiting.Count > 0)
        {
            int next = world.Dice.Below(waiting.Count);
            Action action = waiting[next];
            waiting.RemoveAt(next);
            Receive(action, life);
        }
    }

    /// <summary>The process is killed, and another one is started.</summary>
    internal void Crash(TimeSpan length)
    {
        world.Trace?.Add(this, "is killed");
        int life = ++Life;
        Runs = false;
        _stopAtSend = null;
        _inbox.Clear();
        Gate.Die();
        Clock.Wake();
        world.Agenda.In(length, () =>
        {
            if (life == Life)
            {
                Start();
            }
        });
    }

    /// <summary>All that is wrong with it ends.</summary>
    internal void Heal()
    {
        ToStore.Heal();
        ToResource.Heal();
        if (Gate.IsDead)
        {
            Start();
        }

        GoOn();
        Gate.EndRest();
    }
}
