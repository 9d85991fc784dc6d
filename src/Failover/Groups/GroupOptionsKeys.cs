namespace Failover.Groups;

/// <summary>The keys of <see cref="GroupOptions"/>, with the ranges that its documentation promises.</summary>
internal static class GroupOptionsKeys
{
    internal static readonly OptionsKeys<GroupOptions> Table = new OptionsKeys<GroupOptions>()
        .Time("StartTimeout", o => o.StartTimeout, (o, v) => o.StartTimeout = v, Seconds(1), Hours(1))
        .Time("MaxSwitchTime", o => o.MaxSwitchTime, (o, v) => o.MaxSwitchTime = v, Seconds(1), Hours(1))
        .Time("MaxReadLag", o => o.MaxReadLag, (o, v) => o.MaxReadLag = v, TimeSpan.Zero, Hours(24))
        .Time("SwitcherReadInterval", o => o.SwitcherReadInterval, (o, v) => o.SwitcherReadInterval = v, Seconds(1), Hours(1))
        .Number("Detection:Fall", o => o.Detection.Fall, (o, v) => o.Detection.Fall = v, 1, 100)
        .Number("Detection:Rise", o => o.Detection.Rise, (o, v) => o.Detection.Rise = v, 1, 100)
        .Time("Detection:ProbeInterval", o => o.Detection.ProbeInterval, (o, v) => o.Detection.ProbeInterval = v, Milliseconds(100), Hours(1))
        .Time("Detection:TransitionInterval", o => o.Detection.TransitionInterval, (o, v) => o.Detection.TransitionInterval = v, Milliseconds(10), Hours(1))
        .Time("Detection:DownInterval", o => o.Detection.DownInterval, (o, v) => o.Detection.DownInterval = v, Milliseconds(10), Hours(1))
        .Time("Detection:ProbeTimeout", o => o.Detection.ProbeTimeout, (o, v) => o.Detection.ProbeTimeout = v, Milliseconds(10), Seconds(60))
        .Number("Detection:FailuresInARow", o => o.Detection.FailuresInARow, (o, v) => o.Detection.FailuresInARow = v, 1, 1_000)
        .Fraction("Detection:FailureRate", o => o.Detection.FailureRate, (o, v) => o.Detection.FailureRate = v, 0, 1)
        .Number("Detection:FailureRateMinimum", o => o.Detection.FailureRateMinimum, (o, v) => o.Detection.FailureRateMinimum = v, 2, 1_000_000)
        .Time("Detection:FailureWindow", o => o.Detection.FailureWindow, (o, v) => o.Detection.FailureWindow = v, Seconds(1), Seconds(600))
        .Time("Detection:ReadHangAge", o => o.Detection.ReadHangAge, (o, v) => o.Detection.ReadHangAge = v, Milliseconds(100), Seconds(600))
        .Time("Detection:WriteHangAge", o => o.Detection.WriteHangAge, (o, v) => o.Detection.WriteHangAge = v, Milliseconds(100), Seconds(600))
        .Time("Detection:MaxHangAge", o => o.Detection.MaxHangAge, (o, v) => o.Detection.MaxHangAge = v, Milliseconds(100), Seconds(600))
        .Time("Detection:ConfirmTimeout", o => o.Detection.ConfirmTimeout, (o, v) => o.Detection.ConfirmTimeout = v, Milliseconds(10), Seconds(60))
        .Number("Detection:HangCalls", o => o.Detection.HangCalls, (o, v) => o.Detection.HangCalls = v, 1, 64)
        .Choice("Switchback:Mode", o => o.Switchback.Mode, (o, v) => o.Switchback.Mode = v)
        .Time("Switchback:HoldDown", o => o.Switchback.HoldDown, (o, v) => o.Switchback.HoldDown = v, TimeSpan.Zero, Hours(1))
        .Time("Switchback:MaxHoldDown", o => o.Switchback.MaxHoldDown, (o, v) => o.Switchback.MaxHoldDown = v, TimeSpan.Zero, Hours(24))
        .Time("Switchback:Calm", o => o.Switchback.Calm, (o, v) => o.Switchback.Calm = v, Seconds(1), Hours(24))
        .Text("Epochs:Path", o => o.Epochs.Path, (o, v) => o.Epochs.Path = v)
        .Text("Epochs:TrustLineage", o => o.Epochs.TrustLineage, (o, v) => o.Epochs.TrustLineage = v)
        .OptionalTime("Epochs:WhenOldSilentFor", o => o.Epochs.WhenOldSilentFor, (o, v) => o.Epochs.WhenOldSilentFor = v, Seconds(60), Hours(30 * 24))
        .Time("Epochs:OverlapTolerance", o => o.Epochs.OverlapTolerance, (o, v) => o.Epochs.OverlapTolerance = v, TimeSpan.Zero, Seconds(600))
        .Fixed("Epochs:Path")
        .Rule(static (o, check) =>
        {
            DetectionOptions d = o.Detection;
            check.NotLonger("Detection:TransitionInterval", d.TransitionInterval, "Detection:ProbeInterval", d.ProbeInterval);
            check.NotShorter("Detection:DownInterval", d.DownInterval, "Detection:TransitionInterval", d.TransitionInterval);
            check.NotLonger("Detection:ProbeTimeout", d.ProbeTimeout, "Detection:ProbeInterval", d.ProbeInterval);
            check.NotLonger("Detection:ReadHangAge", d.ReadHangAge, "Detection:MaxHangAge", d.MaxHangAge);
            check.NotLonger("Detection:WriteHangAge", d.WriteHangAge, "Detection:MaxHangAge", d.MaxHangAge);
            check.NotShorter("Switchback:MaxHoldDown", o.Switchback.MaxHoldDown, "Switchback:HoldDown", o.Switchback.HoldDown);
        });

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);

    private static TimeSpan Seconds(int count) => TimeSpan.FromSeconds(count);

    private static TimeSpan Hours(int count) => TimeSpan.FromHours(count);
}
