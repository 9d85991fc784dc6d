namespace Failover.DnsSwitching;

/// <summary>Settings of what follows names of DNS: the section <c>Failover:DnsFollower</c>. All of them may change while the app runs.</summary>
public sealed class DnsFollowerOptions
{
    /// <summary>Gets or sets how long an answer is used at most, however long its TTL is.</summary>
    /// <value>The default is 30 seconds; from 1 second to 1 hour.</value>
    public TimeSpan MaxInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how long an answer is used at least, however short its TTL is. Also how soon a changed answer is confirmed by a second look, and the pace of looks while connecting fails.</summary>
    /// <value>The default is 1 second; from 100 milliseconds to 1 minute, and not longer than <see cref="MaxInterval"/>.</value>
    public TimeSpan MinInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets how often the system's resolver is asked, which does not tell a TTL.</summary>
    /// <value>The default is 5 seconds; from 100 milliseconds to 1 hour. <see cref="MinInterval"/> and <see cref="MaxInterval"/> bound it.</value>
    public TimeSpan SystemInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets by which part looks are spread, so that many clients do not ask at the same moment.</summary>
    /// <value>The default is 0.1; above 0, up to 1.</value>
    public double Jitter { get; set; } = 0.1;

    /// <summary>Gets or sets how long a look may take in all. Name servers have half of it. Addresses that the system's resolver finds later, whose own patience with a server that is away is often 5 seconds, count at the next look.</summary>
    /// <value>The default is 5 seconds; from 100 milliseconds to 1 minute.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets how long one address is tried, by a client that connects to where a followed name leads, before the next one is.</summary>
    /// <value>The default is 5 seconds; from 100 milliseconds to 2 minutes.</value>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets how often pools are moved within a minute for one name, so that a name that flaps does not have all connections made anew all the time.</summary>
    /// <value>The default is 6; from 1 to 60.</value>
    public int MaxMovesPerMinute { get; set; } = 6;

    /// <summary>
    /// Gets or sets how many pools of one HTTP client, to all its names together, may wait for requests after a move; the oldest ends before there are more. Over HTTP/1.1 none waits, but where <see cref="SocketsHttpHandler.KeepAlivePingDelay"/> is set: a request on its way has its connection. Over HTTP/2 and HTTP/3 a pool waits until
    /// each of its requests has an answer; those that have no connection or stream yet fail when it ends.
    /// </summary>
    /// <remarks>Neither this nor <see cref="DrainLimit"/> bounds the pools of a client with <c>AddFailover(group)</c>: they end with their last request.</remarks>
    /// <value>The default is 4; from 1 to 64.</value>
    public int MaxDrainingPools { get; set; } = 4;

    /// <summary>Gets or sets how long such a pool is waited for.</summary>
    /// <value>The default is 2 minutes; from 1 second to 1 hour.</value>
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Gets the name servers that hold the zones of the names, each an address or a host name, with a port if it is not 53: <c>192.0.2.53</c>, <c>ns1.example.com:5353</c>. They know of a change before any cache does. They are asked in this order, but for the one
    /// that answered last, which is the first, and each for its share of half the <see cref="Timeout"/>; the first that answers counts. For names they do not hold, and while none answers, the system's resolver is asked. By default there are none, and it alone is asked.
    /// </summary>
    public IList<string> NameServers { get; } = [];
}
