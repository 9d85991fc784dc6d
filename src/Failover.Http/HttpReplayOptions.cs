namespace Failover.Http;

/// <summary>How many requests of a group may be sent a second time, to another member. May be changed while running.</summary>
public sealed class HttpReplayOptions
{
    /// <summary>Gets or sets which part of the group's requests of the last 10 seconds may be sent again within these 10 seconds.</summary>
    /// <value>The default is 0.2; above 0, up to 1.</value>
    public double Share { get; set; } = 0.2;

    /// <summary>Gets or sets how many requests a second may be sent again beside that: what a group with little load lives on.</summary>
    /// <value>The default is 10; from 0 to 10,000.</value>
    public int Reserve { get; set; } = 10;
}
