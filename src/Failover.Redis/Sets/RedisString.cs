using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace Failover.Redis.Sets;

/// <summary>A connection string that names the sentinels, and what holds for every connection. Never shown: it may hold passwords.</summary>
internal sealed partial class RedisString
{
    private const int SentinelPort = 26_379;

    private readonly ConfigurationOptions _settings;

    private RedisString(ConfigurationOptions settings, ImmutableArray<HostAndPort> sentinels)
    {
        _settings = settings;
        Sentinels = sentinels;
    }

    /// <summary>Gets the sentinels in the order of the string.</summary>
    internal ImmutableArray<HostAndPort> Sentinels { get; }

    /// <summary>Gets the name by which the sentinels know the master.</summary>
    internal string ServiceName => _settings.ServiceName!;

    /// <summary>Gets whether nodes and sentinels are spoken to by TLS.</summary>
    internal bool Ssl => _settings.Ssl;

    /// <summary>Returns what a multiplexer can be set up with; it is the caller's own.</summary>
    internal ConfigurationOptions Settings() => _settings.Clone();

    /// <summary>Reads a connection string.</summary>
    /// <param name="text">The string.</param>
    /// <param name="whyNot">What is wrong with it, to be read after its key: <c>must …</c>. Never holds any of the string but names of keys and of sentinels.</param>
    /// <returns>Null if something is wrong.</returns>
    internal static RedisString? Read(string? text, out string? whyNot)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            whyNot = "is missing: it must name the sentinels and the master's name, like sentinel-a,sentinel-b,sentinel-c,serviceName=mymaster";
            return null;
        }

        ConfigurationOptions settings;
        try
        {
            settings = ConfigurationOptions.Parse(text);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException or NotSupportedException)
        {
            // The message may quote a value.
            whyNot = exception is ArgumentException && Keyword().Match(exception.Message) is { Success: true } keyword
                ? $"cannot be read: '{keyword.Groups[1].Value}' is no keyword of StackExchange.Redis's, or its value is not allowed"
                : "cannot be read as a connection string of StackExchange.Redis's";
            return null;
        }

        whyNot = WhyNot(settings);
        if (whyNot is not null)
        {
            return null;
        }

        ImmutableArray<HostAndPort> sentinels = SentinelsOf(settings, out whyNot);
        return whyNot is null ? new RedisString(settings, sentinels) : null;
    }

    private static string? WhyNot(ConfigurationOptions settings) =>
        settings.EndPoints.Count == 0 ? "must name the sentinels: sentinel-a,sentinel-b,sentinel-c,serviceName=mymaster"
        : string.IsNullOrWhiteSpace(settings.ServiceName) ? "must say by serviceName which master of the sentinels is meant: sentinel-a,sentinel-b,sentinel-c,serviceName=mymaster"
        : settings.Proxy != Proxy.None ? "must not set proxy: the sentinels name the nodes themselves"
        : settings.Tunnel is not null ? "must not set tunnel: the connection goes through one of ours"
        : null;

    private static ImmutableArray<HostAndPort> SentinelsOf(ConfigurationOptions settings, out string? whyNot)
    {
        whyNot = null;
        List<HostAndPort> sentinels = [];
        foreach (EndPoint endpoint in settings.EndPoints)
        {
            (string host, int port) = endpoint switch
            {
                DnsEndPoint dns => (dns.Host, dns.Port),
                IPEndPoint ip => (ip.Address.ToString(), ip.Port),
                _ => ("", 0),
            };
            if (AllowedMembers.CleanHost(host) is not { } clean)
            {
                whyNot = "must name each sentinel by a name or an address, with or without :port";
                return [];
            }

            HostAndPort sentinel = new(clean, port == 0 ? SentinelPort : port);
            if (sentinels.Contains(sentinel))
            {
                whyNot = $"must not name a sentinel twice: '{sentinel}'";
                return [];
            }

            sentinels.Add(sentinel);
        }

        return [.. sentinels];
    }

    [GeneratedRegex("[Kk]eyword '([A-Za-z]+)'", RegexOptions.CultureInvariant)]
    private static partial Regex Keyword();
}
