using System.Collections.Immutable;
using Failover.Leases;
using Failover.Simulation.Leases.Stores;
using Failover.Simulation.Leases.Worlds;
using Failover.Simulation.Worlds;

namespace Failover.Simulation.Leases.Running;

/// <summary>What one run is like, faults included. Follows from its seed alone; a part of its faults makes another run of the same seed.</summary>
internal sealed record LeaseScenario
{
    private static readonly LeaseFaultKind[] Kinds = Enum.GetValues<LeaseFaultKind>();

    /// <summary>Of the rates that the margin allows for, so that rounding does not count.</summary>
    private const double AlmostAll = 0.98;

    internal LeaseScenario(ulong seed, LeaseRules rules)
    {
        Seed = seed;
        Kind = (StoreKind)(seed % (ulong)Enum.GetValues<StoreKind>().Length);
        Dice dice = new(seed * 0x9E3779B97F4A7C15);
        dice.Next();
        TimeSpan duration = TimeSpan.FromSeconds(dice.Pick([1.0, 2.5, 15, 60]));
        Settings = new(duration, duration * dice.Pick([0.1, 0.1, 0.1, 0.05, 0.25, 0.5]));
        RetryInterval = duration * dice.Pick([0.15, 0.5, 1, 1]);
        Granted = dice.Below(6) switch
        {
            0 => duration * 2,
            1 => TimeSpan.FromSeconds(Math.Ceiling(duration.TotalSeconds)),
            2 => Settings.Margin + (duration * 0.4),
            _ => duration,
        };
        Compares = dice.Pick([Compares.Tokens, Compares.Versions, Compares.Tokens | Compares.Versions]);
        SameNames = dice.Chance(0.3);
        double margin = Settings.Margin / duration;
        double furthest = margin / (2 - margin) * AlmostAll;
        if (!rules.ClocksKeepWithinTheMargin)
        {
            furthest = Math.Min(0.8, furthest * 4);
        }

        Rates = [.. Enumerable.Range(0, dice.From(2, 5)).Select(_ => Rate(dice, furthest))];
        StoreRate = Rate(dice, furthest);
        Chaos = duration * dice.Seconds(60, 200).TotalSeconds;
        Faults = Make(dice, rules);
    }

    internal ulong Seed { get; }

    internal StoreKind Kind { get; }

    internal LeaseSettings Settings { get; }

    internal TimeSpan RetryInterval { get; }

    /// <summary>How long the store grants, whatever is asked for.</summary>
    internal TimeSpan Granted { get; }

    internal Compares Compares { get; }

    /// <summary>Whether all hosts have the same name.</summary>
    internal bool SameNames { get; }

    /// <summary>How fast the monotonic clock of each host runs.</summary>
    internal ImmutableArray<double> Rates { get; }

    internal double StoreRate { get; }

    /// <summary>How long faults go on.</summary>
    internal TimeSpan Chaos { get; }

    internal ImmutableArray<LeaseFault> Faults { get; init; }

    /// <summary>
    /// Within what time after the last fault, and the last message that was under way then, somebody holds the lease: who waits for an answer that does not come gives up, and gives back what it may have got (two limits of a call); looks (one interval);
    /// what is kept for nobody runs out (the longest time that is ever granted); and it looks again (one interval). All by the slowest clock; with the ways of the messages, and what etcd takes to see that a lease has run out.
    /// </summary>
    internal TimeSpan SomeoneHoldsWithin
    {
        get
        {
            TimeSpan keeps = Granted > Settings.Duration ? Granted : Settings.Duration;
            return (((Settings.CallLimit * 2) + keeps + (RetryInterval * 2)) / Math.Min(Rates.Min(), StoreRate)) + ServerStore.SlowestToExpire + TimeSpan.FromSeconds(Link.Prompt * 20);
        }
    }

    private static double Rate(Dice dice, double furthest) => 1 + (furthest * (dice.Chance(0.6) ? dice.Pick([-1.0, 1.0]) : (dice.Real() * 2) - 1));

    private ImmutableArray<LeaseFault> Make(Dice dice, LeaseRules rules)
    {
        TimeSpan duration = Settings.Duration;
        double every = dice.Pick([0.4, 1.5, 5]);
        bool rebuilds = dice.Chance(0.3);
        bool sleeps = dice.Chance(0.5);
        List<LeaseFault> faults = [];
        int? host = null;
        TimeSpan at = TimeSpan.Zero;
        while (true)
        {
            // Troubles come together.
            if (faults.Count > 0 && dice.Chance(0.3))
            {
                at += faults[^1].Length * dice.Real();
            }
            else
            {
                at += duration * (dice.Real() * 2 * every);
                host = dice.Chance(0.4) ? null : dice.Below(Rates.Length);
            }

            if (at >= Chaos)
            {
                return [.. faults];
            }

            LeaseFaultKind kind = dice.Chance(0.15) ? LeaseFaultKind.GiveBack : dice.Pick(Kinds);
            TimeSpan length = duration * dice.SecondsByMagnitude(0.01, 10).TotalSeconds;
            if (!rules.WallClocksTellOfSleep && kind == LeaseFaultKind.Sleep)
            {
                faults.Add(new(at, LeaseFaultKind.WallBack, host, TimeSpan.Zero, length));
            }

            // Asleep, a machine has its wall clock alone to go by. One that is put back meanwhile, or since the lease was last renewed, hides the sleep: that cannot be promised, so where machines sleep, wall clocks are only put forward.
            kind = kind switch
            {
                _ when !rules.WallClocksTellOfSleep => kind,
                LeaseFaultKind.Sleep when !sleeps => LeaseFaultKind.Stop,
                LeaseFaultKind.SleepBeforeSend when !sleeps => LeaseFaultKind.StopBeforeSend,
                LeaseFaultKind.SleepAfterSend when !sleeps => LeaseFaultKind.StopAfterSend,
                LeaseFaultKind.WallBack when sleeps => LeaseFaultKind.WallForward,
                LeaseFaultKind.Rebuild when !rebuilds => LeaseFaultKind.NewLeader,
                _ => kind,
            };
            faults.Add(new(at, kind, host, length, duration * dice.SecondsByMagnitude(0.05, 6).TotalSeconds));
        }
    }
}
