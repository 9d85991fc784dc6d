namespace Failover;

/// <summary>When people are told that a replica is behind: <c>Failover:Groups:&lt;name&gt;:Lag</c>. It is an alarm, and moves no caller: for reads <see cref="GroupOptions.MaxReadLag"/> counts.</summary>
public sealed class LagOptions
{
    /// <summary>Gets or sets how far a replica may be behind without an alarm.</summary>
    /// <value>The default is 30 seconds; from 1 second to 1 day.</value>
    public TimeSpan Alarm { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how many looks in a row must find it further behind. One that does not ends the alarm.</summary>
    /// <value>The default is 5; from 1 to 1000.</value>
    public int Breaches { get; set; } = 5;
}
