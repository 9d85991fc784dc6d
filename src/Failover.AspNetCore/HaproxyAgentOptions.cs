namespace Failover.AspNetCore;

/// <summary>Where HAProxy's <c>agent-check</c> is answered, in <c>Failover:HaproxyAgent</c>. None of it can change while the app runs.</summary>
public sealed class HaproxyAgentOptions
{
    /// <summary>Gets or sets the port: what HAProxy calls <c>agent-port</c>. 0 takes a free one, which the log tells.</summary>
    /// <value>It must be set, here or by <c>AddHaproxyAgent(port)</c>. From 0 to 65535.</value>
    public int? Port { get; set; }

    /// <summary>Gets or sets the local IP address to listen on.</summary>
    /// <value>The default is <c>127.0.0.1</c>: reached by a HAProxy on the same host alone.</value>
    public string? Address { get; set; } = "127.0.0.1";

    /// <summary>Gets or sets how many connections are kept at once until their peers have read the answer. One beyond that is answered and closed at once.</summary>
    /// <value>The default is 32; from 1 to 1000.</value>
    public int MaxConnections { get; set; } = 32;

    /// <summary>Gets or sets how long a connection may last.</summary>
    /// <value>The default is 1 second; from 100 milliseconds to 30 seconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1);
}
