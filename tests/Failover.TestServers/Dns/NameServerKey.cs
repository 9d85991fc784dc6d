using System.Security.Cryptography;

namespace Failover.TestServers.Dns;

/// <summary>A key of a name server, made up for each test run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Algorithm">Its algorithm, as name servers and nsupdate write it.</param>
/// <param name="Secret">Its secret, in base64.</param>
public sealed record NameServerKey(string Name, string Algorithm, string Secret)
{
    /// <summary>May change A, AAAA, CNAME and TXT of all names of the zone.</summary>
    public static NameServerKey Failover { get; } = New("failover", "hmac-sha256", 32);

    /// <summary>The same, with HMAC-SHA384.</summary>
    public static NameServerKey Failover384 { get; } = New("failover-384", "hmac-sha384", 48);

    /// <summary>The same, with HMAC-SHA512.</summary>
    public static NameServerKey Failover512 { get; } = New("failover-512", "hmac-sha512", 64);

    /// <summary>The server knows it, and lets it do nothing.</summary>
    public static NameServerKey Stranger { get; } = New("stranger", "hmac-sha256", 32);

    /// <summary>May do all: what nsupdate signs with.</summary>
    public static NameServerKey Operator { get; } = New("operator", "hmac-sha256", 32);

    /// <summary>The server has never heard of it.</summary>
    public static NameServerKey Unheard { get; } = New("unheard", "hmac-sha256", 32);

    /// <summary>Those that servers know.</summary>
    internal static IReadOnlyList<NameServerKey> Known { get; } = [Failover, Failover384, Failover512, Stranger, Operator];

    /// <summary>Those that may change names.</summary>
    internal static IReadOnlyList<NameServerKey> Granted { get; } = [Failover, Failover384, Failover512];

    /// <summary>A key of the same name with another secret.</summary>
    public NameServerKey WithOtherSecret() => New(Name, Algorithm, 32);

    /// <summary>What <c>nsupdate -y</c> and <c>dig -y</c> take.</summary>
    internal string ForTools => $"{Algorithm}:{Name}:{Secret}";

    private static NameServerKey New(string name, string algorithm, int bytes) => new(name, algorithm, Convert.ToBase64String(RandomNumberGenerator.GetBytes(bytes)));
}
