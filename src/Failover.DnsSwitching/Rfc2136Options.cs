namespace Failover.DnsSwitching;

/// <summary>Settings of a name server that takes dynamic updates (RFC 2136), such as BIND, Knot or PowerDNS.</summary>
public sealed class Rfc2136Options
{
    /// <summary>Gets or sets the primary name server of the zone: its name or address. A name should not be of the zone that is switched.</summary>
    /// <value>It must be set.</value>
    public string Server { get; set; } = "";

    /// <summary>Gets or sets its port. It is spoken to over TCP alone.</summary>
    /// <value>The default is 53; from 1 to 65535.</value>
    public int Port { get; set; } = 53;

    /// <summary>Gets or sets the zone that holds the names: <c>example.com</c>.</summary>
    /// <value>It must be set.</value>
    public string Zone { get; set; } = "";

    /// <summary>Gets or sets the name of the key (TSIG), as the server knows it. It is no secret.</summary>
    /// <value>It must be set.</value>
    public string KeyName { get; set; } = "";

    /// <summary>Gets or sets how requests are signed, as the server knows it.</summary>
    /// <value>The default is <see cref="TsigAlgorithm.HmacSha256"/>.</value>
    public TsigAlgorithm Algorithm { get; set; } = TsigAlgorithm.HmacSha256;

    /// <summary>Gets or sets the secret of the key, in base64 as it stands in the key file of the server. It is shown nowhere.</summary>
    /// <value>It must be set, to 16 bytes or more.</value>
    public string Secret { get; set; } = "";

    /// <summary>Gets or sets how long a change may take in all, with its reading back; and a reading by itself. A third of it is kept for reading after an answer that was lost.</summary>
    /// <value>The default is 10 seconds; from 1 second to 1 minute.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}
