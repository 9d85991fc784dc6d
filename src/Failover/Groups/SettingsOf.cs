using Failover.Engine;

namespace Failover.Groups;

/// <summary>A group's options and abilities as the values that the fold goes by.</summary>
internal static class SettingsOf
{
    internal static GroupSettings Options(GroupParts parts, GroupOptions options) => new()
    {
        Group = parts.Name,
        Elector = parts.Elector,
        HasSwitcher = parts.Switcher is not null,
        VisibleWithin = (parts.Switcher as IVisibleSwitcher)?.VisibleWithin,
        NeedsLease = parts.Arbiter is not null,
        Fall = options.Detection.Fall,
        Rise = options.Detection.Rise,
        ProbeInterval = options.Detection.ProbeInterval,
        TransitionInterval = options.Detection.TransitionInterval,
        DownInterval = options.Detection.DownInterval,
        ProbeTimeout = options.Detection.ProbeTimeout,
        FailuresInARow = options.Detection.FailuresInARow,
        FailureRate = options.Detection.FailureRate,
        FailureRateMinimum = options.Detection.FailureRateMinimum,
        FailureWindow = options.Detection.FailureWindow,
        HangAges = new(options.Detection.ReadHangAge, options.Detection.WriteHangAge, options.Detection.MaxHangAge),
        ConfirmTimeout = options.Detection.ConfirmTimeout,
        HangCalls = options.Detection.HangCalls,
        SwitchbackMode = options.Switchback.Mode,
        HoldDown = options.Switchback.HoldDown,
        MaxHoldDown = options.Switchback.MaxHoldDown,
        Calm = options.Switchback.Calm,
        TrustLineage = options.Epochs.TrustLineage,
        WhenOldSilentFor = options.Epochs.WhenOldSilentFor,
        OverlapTolerance = options.Epochs.OverlapTolerance,
        StartTimeout = options.StartTimeout,
        MaxSwitchTime = options.MaxSwitchTime,
        MaxReadLag = options.MaxReadLag,
        SwitcherReadInterval = options.SwitcherReadInterval,
    };
}
