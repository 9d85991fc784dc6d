using Failover.Leases;
using Failover.Simulation.Leases.Reporting;
using Failover.Simulation.Leases.Worlds;

namespace Failover.Simulation.Leases.Hosts;

/// <summary>Wants the lease, as a gate does: asks; not granted, waits; held, acts now and then; lost, asks again; and sometimes gives it back.</summary>
internal sealed class LeaseGate(LeaseWorld world, LeaseHost host)
{
    private const double LongestSpread = 0.03;

    private int _waits;
    private bool _waiting;
    private bool _resting;
    private TimeSpan? _rest;

    /// <summary>The lease that is held, or asked for, or was last.</summary>
    internal SimRun? Lease { get; private set; }

    internal bool IsDead { get; private set; }

    /// <summary>Whether the process would act at this very instant, if it looked.</summary>
    internal bool MayAct => host.Runs && Lease is { } lease && world.Rules.MayAct(lease.State, host.Clock.Now);

    internal void Ask()
    {
        _waiting = _resting = false;
        Lease = new(world, host, this, world.Checker.NextAttempt());
        Lease.Start();
    }

    /// <summary>The holder wants it no more, or nobody waits for it any longer.</summary>
    internal void GiveBack(TimeSpan rest)
    {
        if (Lease is { State.Phase: not LeasePhase.Over })
        {
            _rest = rest;
            Lease.Post(new GivenBack());
        }
    }

    internal void Granted() => ActLater();

    /// <summary>Another holds it.</summary>
    internal void Refused(LeaseAnswer answer)
    {
        TimeSpan most = world.Scenario.RetryInterval;
        Wait(answer.RetryAfter is { } left && left > TimeSpan.Zero && left < most ? left : most);
    }

    /// <summary>The lease is over, or was never had, and given back as far as possible.</summary>
    internal void Ended(bool asked)
    {
        if (_rest is { } rest && !world.Calm)
        {
            _rest = null;
            _resting = true;
            Wait(rest);
        }
        else if (asked)
        {
            Wait(world.Scenario.RetryInterval);
        }
        else
        {
            Ask();
        }
    }

    /// <summary>The store says that the lease may be free.</summary>
    internal void Changed()
    {
        if (_waiting && !_resting)
        {
            Wait(world.Dice.Seconds(0.001, LongestSpread));
        }
    }

    internal void EndRest()
    {
        if (_resting)
        {
            Ask();
        }
    }

    internal void Die()
    {
        IsDead = true;
        _waiting = _resting = false;
    }

    private void Wait(TimeSpan length)
    {
        int wait = ++_waits;
        _waiting = true;
        host.After(length, () =>
        {
            if (_waiting && wait == _waits)
            {
                Ask();
            }
        });
    }

    private void ActLater()
    {
        SimRun lease = Lease!;
        TimeSpan duration = world.Scenario.Settings.Duration;
        host.After(duration * world.Dice.Seconds(0.05, 0.6).TotalSeconds, () =>
        {
            if (lease.State.Phase != LeasePhase.Held)
            {
                return;
            }

            if (MayAct)
            {
                Act(lease);
            }

            ActLater();
        });
    }

    private void Act(SimRun lease)
    {
        Resource resource = world.Resource;
        Epoch token = lease.State.Grant!.Epoch;
        Guid attempt = lease.Request.Attempt;
        if (!world.Scenario.Compares.HasFlag(Compares.Versions))
        {
            Send(null);
            return;
        }

        world.Ask(host, host.ToResource, resource.Server, () => resource.Version, read =>
        {
            // What was read counts only if it was still held then.
            if (world.Rules.MayActOnWhatWasRead(lease.State, host.Clock.Now))
            {
                Send(read);
            }
        }, Nothing);

        void Send(long? version) => world.Ask(host, host.ToResource, resource.Server, () => resource.Apply(new(host, attempt, token, version)), _ => Nothing(), Nothing);

        static void Nothing()
        {
        }
    }
}
