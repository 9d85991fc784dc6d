namespace Failover;

/// <summary>Settings of one group: <c>Failover:Groups:&lt;name&gt;</c>. May be changed while running where nothing else is said; an invalid change is logged and leaves the last good settings in force.</summary>
public sealed class GroupOptions
{
    /// <summary>Gets the settings for telling whether a member is healthy.</summary>
    public DetectionOptions Detection { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = new();

    /// <summary>Gets the settings for going back to a preferred member.</summary>
    public SwitchbackOptions Switchback { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = new();

    /// <summary>Gets the settings for groups whose members prove their role with an epoch.</summary>
    public EpochOptions Epochs { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = new();

    /// <summary>Gets or sets after how much time without a proven member a starting group says that it is unavailable. It keeps looking.</summary>
    /// <value>The default is 30 seconds; from 1 second to 1 hour.</value>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets after how much time without a proven member a switching group says that it is unavailable. It keeps looking.</summary>
    /// <value>The default is 60 seconds; from 1 second to 1 hour.</value>
    public TimeSpan MaxSwitchTime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets or sets how far a replica may be behind to count as readable.</summary>
    /// <value>The default is 30 seconds; from 0 to 1 day.</value>
    public TimeSpan MaxReadLag { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how often a switcher's authority is read while nothing changes.</summary>
    /// <value>The default is 30 seconds; from 1 second to 1 hour.</value>
    public TimeSpan SwitcherReadInterval { get; set; } = TimeSpan.FromSeconds(30);
}
