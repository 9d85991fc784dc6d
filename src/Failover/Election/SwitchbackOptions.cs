namespace Failover;

/// <summary>Settings for going back to a preferred member. They delay a switchback and nothing else. May be changed while running.</summary>
public sealed class SwitchbackOptions
{
    /// <summary>Gets or sets what happens when a preferred member is healthy again.</summary>
    /// <value>The default is <see cref="SwitchbackMode.Auto"/>.</value>
    public SwitchbackMode Mode { get; set; } = SwitchbackMode.Auto;

    /// <summary>
    /// Gets or sets how long the preferred member must have been healthy without a break. Doubled with each flap (a failover less than <see cref="Calm"/> after the one before). Meanwhile it is probed at least each
    /// <see cref="DetectionOptions.TransitionInterval"/>, and once more at the end: a shorter break may stay unseen.
    /// </summary>
    /// <value>The default is 30 seconds; from 0 to 1 hour. Lengthened by up to 20 percent at random, so that clients do not move together.</value>
    public TimeSpan HoldDown { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets what the doubled hold-down never exceeds.</summary>
    /// <value>The default is 10 minutes; from <see cref="HoldDown"/> to 1 day.</value>
    public TimeSpan MaxHoldDown { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets or sets after how much time without a failover the hold-down is halved again.</summary>
    /// <value>The default is 10 minutes; from 1 second to 1 day.</value>
    public TimeSpan Calm { get; set; } = TimeSpan.FromMinutes(10);
}
