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

    /// <summary>
    /// Gets or sets up to how many bytes the content of a request that may be executed twice is read into memory before it is sent, so that it can be sent again. Only content that says how long it is, or JSON
    /// that is made of a value, and only with <c>SendAsync</c>; JSON that turns out to be longer is sent as if this were 0.
    /// </summary>
    /// <value>The default is 0: nothing is buffered; up to 65,536.</value>
    public int BufferContent { get; set; }
}
