using Failover.Engine;
using Failover.Simulation.Worlds;

namespace Failover.Simulation.Running;

/// <summary>What one run is like. Follows from its seed alone.</summary>
internal sealed class Scenario
{
    /// <summary>The largest thresholds that any setting may have: what is certain under these is certain under all.</summary>
    internal const int MaxThreshold = 4;

    internal Scenario(ulong seed)
    {
        Seed = seed;
        Kind = (WorldKind)(seed % (ulong)Enum.GetValues<WorldKind>().Length);
        Dice = new(seed * 0x9E3779B97F4A7C15);
        Dice.Next();
        HasAuthority = Kind is WorldKind.Dns or WorldKind.DnsPair or WorldKind.Redis || (Kind == WorldKind.Database && Dice.Chance(0.5));
        bool lease = Kind == WorldKind.DnsPair || (HasAuthority && Dice.Chance(0.5));
        Settings = Vary(new GroupSettings
        {
            Group = Kind.ToString(),
            Elector = HasRoles ? ElectorKind.Role : ElectorKind.Priority,
            HasSwitcher = HasAuthority,
            NeedsLease = lease,
            WhenOldSilentFor = HasRoles && Dice.Chance(0.3) ? TimeSpan.FromSeconds(60) : null,
        });
        CallsASecond = Dice.Chance(0.5) ? Dice.Pick([0.5, 2, 8]) : 0;
        FaultEvery = Dice.Pick([2.0, 5, 15]);
        Chaos = Dice.Seconds(600, 1500);
    }

    internal ulong Seed { get; }

    internal WorldKind Kind { get; }

    internal Dice Dice { get; }

    internal GroupSettings Settings { get; }

    internal double CallsASecond { get; }

    /// <summary>The mean time between two faults, in seconds.</summary>
    internal double FaultEvery { get; }

    /// <summary>How long faults go on.</summary>
    internal TimeSpan Chaos { get; }

    /// <summary>By when, after the last fault, all must be well: a longest hold-down for each member that may come before its better, the longest wait for a record's end, and the largest bounds of detection.</summary>
    internal static TimeSpan Calm => TimeSpan.FromSeconds(320);

    internal bool HasRoles => Kind is WorldKind.Database or WorldKind.Epochless or WorldKind.Redis;

    /// <summary>Whether there is a switcher.</summary>
    internal bool HasAuthority { get; }

    /// <summary>Other thresholds and times; never another kind.</summary>
    internal GroupSettings Vary(GroupSettings settings)
    {
        TimeSpan holdDown = Dice.Pick([TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30)]);
        return settings with
        {
            Fall = Dice.Pick([1, 2, 2, 3, 3, MaxThreshold]),
            Rise = Dice.From(1, MaxThreshold),
            ProbeInterval = Dice.Pick([TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5)]),
            TransitionInterval = Dice.Pick([TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(1)]),
            DownInterval = Dice.Pick([TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10)]),
            ProbeTimeout = Dice.Pick([TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(1)]),
            HangAges = new(TimeSpan.FromSeconds(0.5), Dice.Pick([TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(2)]), TimeSpan.FromSeconds(10)),
            FailuresInARow = Dice.From(2, 5),
            SwitchbackMode = Dice.Pick([SwitchbackMode.Auto, SwitchbackMode.Auto, SwitchbackMode.Manual, SwitchbackMode.Never]),
            HoldDown = holdDown,
            MaxHoldDown = TimeSpan.FromSeconds(40),
            Calm = Dice.Pick([TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(300)]),
            OverlapTolerance = Dice.Pick([TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10)]),
            StartTimeout = Dice.Pick([TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30)]),
            MaxSwitchTime = Dice.Pick([TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60)]),
            SwitcherReadInterval = Dice.Pick([TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)]),
        };
    }
}
