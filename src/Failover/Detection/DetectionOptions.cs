namespace Failover;

/// <summary>Settings for telling whether a member is healthy. May be changed while running.</summary>
public sealed class DetectionOptions
{
    /// <summary>Gets or sets how many failed probes in a row make a healthy member unhealthy.</summary>
    /// <value>The default is 3; from 1 to 100. The first answer of a member, good or bad, decides at once; a first probe without an answer does while the group does not just start.</value>
    public int Fall { get; set; } = 3;

    /// <summary>Gets or sets how many successes in a row make an unhealthy member healthy.</summary>
    /// <value>The default is 3; from 1 to 100. The first answer of a member, good or bad, decides at once.</value>
    public int Rise { get; set; } = 3;

    /// <summary>Gets or sets how long to wait between two probes of a healthy member. While real calls to it succeed, each fourth is sent, and all where members prove a role.</summary>
    /// <value>The default is 5 seconds; from 100 milliseconds to 1 hour. Each wait is varied by 10 percent.</value>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets how long to wait between two probes while something is changing: a member is suspect or recovers, or the group is starting or switching.</summary>
    /// <value>The default is 1 second; from 10 milliseconds to <see cref="ProbeInterval"/>.</value>
    public TimeSpan TransitionInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets the longest wait between two probes of a member that stays unhealthy. The wait doubles from <see cref="TransitionInterval"/> up to this.</summary>
    /// <value>The default is 10 seconds; from <see cref="TransitionInterval"/> to 1 hour.</value>
    public TimeSpan DownInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how long a probe may take. The limit holds even if the probe ignores its token.</summary>
    /// <value>The default is 1 second; from 10 milliseconds to 1 minute, and not above <see cref="ProbeInterval"/>.</value>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets how many real calls must fail in a row to make a healthy member unhealthy without waiting for a probe.</summary>
    /// <value>The default is 3; from 1 to 1,000.</value>
    public int FailuresInARow { get; set; } = 3;

    /// <summary>Gets or sets the share of failed calls within <see cref="FailureWindow"/> from which a healthy member is unhealthy.</summary>
    /// <value>The default is 0.5; above 0, up to 1.</value>
    public double FailureRate { get; set; } = 0.5;

    /// <summary>Gets or sets how many calls <see cref="FailureWindow"/> must hold before <see cref="FailureRate"/> is looked at.</summary>
    /// <value>The default is 20; from 2 to 1,000,000.</value>
    public int FailureRateMinimum { get; set; } = 20;

    /// <summary>Gets or sets over which time <see cref="FailureRate"/> is taken.</summary>
    /// <value>The default is 10 seconds; from 1 second to 10 minutes.</value>
    public TimeSpan FailureWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the least age from which on a call that only asks (a GET, a query) is overdue while it waits for its answer. Where the slow ones of its kind took longer of late, four times as long as those.</summary>
    /// <value>The default is 500 milliseconds; from 100 milliseconds to <see cref="MaxHangAge"/>.</value>
    public TimeSpan ReadHangAge { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Gets or sets the least age from which on any other call (a POST, a command) is overdue while it waits for its answer. Where the slow ones of its kind took longer of late, four times as long as those.</summary>
    /// <value>The default is 2 seconds; from 100 milliseconds to <see cref="MaxHangAge"/>.</value>
    public TimeSpan WriteHangAge { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets what these ages never exceed, however slow the member was of late.</summary>
    /// <value>The default is 10 seconds; from 100 milliseconds to 10 minutes.</value>
    public TimeSpan MaxHangAge { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how long the probe may take that is sent because calls are overdue.</summary>
    /// <value>The default is 500 milliseconds; from 10 milliseconds to 1 minute. No effect above <see cref="ProbeTimeout"/>.</value>
    public TimeSpan ConfirmTimeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Gets or sets how many calls must be overdue, with no success since they began, to make a member suspect; the next failed probe then makes it unhealthy.</summary>
    /// <value>The default is 3; from 1 to 64.</value>
    public int HangCalls { get; set; } = 3;
}
