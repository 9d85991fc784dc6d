using Failover.Redis.Sets;
using Microsoft.Extensions.Configuration;

namespace Failover.Redis.Registration;

/// <summary>The keys of <see cref="RedisGroupOptions"/>, and the rules for their values.</summary>
internal static class RedisGroupKeys
{
    internal static readonly OptionsKeys<RedisGroupOptions> Table = new OptionsKeys<RedisGroupOptions>()
        .Text("ConnectionString", o => o.ConnectionString, (o, v) => o.ConnectionString = v ?? "")
        .Choice("Promotion", o => o.Promotion, (o, v) => o.Promotion = v)
        .Time("HoldLimit", o => o.HoldLimit, (o, v) => o.HoldLimit = v, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30))
        .Time("MaxWait", o => o.MaxWait, (o, v) => o.MaxWait = v, TimeSpan.Zero, TimeSpan.FromHours(1))
        .Section("AllowedMembers", ["", "*"], (section, options, _) => options.AllowedMembers = ListOf(section))
        .Section("AddressMap", ["*", "*:*"], (section, options, _) => ReadMap(section, options.AddressMap), static o => Tell(o.AddressMap))
        .Text("CertificateAuthorityPath", o => o.CertificateAuthorityPath, (o, v) => o.CertificateAuthorityPath = v)
        .AddLag(o => o.Lag)
        .Fixed("ConnectionString")
        .Fixed("Promotion")
        .Fixed("HoldLimit")
        .Fixed("AddressMap")
        .Fixed("CertificateAuthorityPath")
        .Rule(Check);

    private static void Check(RedisGroupOptions options, OptionsCheck check)
    {
        // Without the value: it may hold a password.
        RedisString? connection = RedisString.Read(options.ConnectionString, out string? whyNot);
        if (connection is null)
        {
            check.Refuse("ConnectionString", whyNot!);
        }

        for (int i = 0; i < options.AllowedMembers.Count; i++)
        {
            if (AllowedMembers.WhyNot(options.AllowedMembers[i]) is { } wrong)
            {
                check.Refuse($"AllowedMembers:{i}", options.AllowedMembers[i], wrong);
            }
        }

        foreach ((string announced, string reached) in options.AddressMap)
        {
            if (!HostAndPort.TryRead(announced, out _))
            {
                check.Refuse($"AddressMap:{announced}", "must have a host with a port as its key, like 10.0.0.5:6379");
            }
            else if (!HostAndPort.TryRead(reached, out _))
            {
                check.Refuse($"AddressMap:{announced}", reached, "must be a host with a port, like redis-a.example.com:6379");
            }
        }

        if (options.CertificateAuthorityPath is { } path && !check.IsRefused("CertificateAuthorityPath"))
        {
            if (connection is { Ssl: false })
            {
                check.Refuse("CertificateAuthorityPath", path, "must not stand without ssl=true in ConnectionString");
            }
            else if (RedisTls.WhyNot(path) is { } wrong)
            {
                check.Refuse("CertificateAuthorityPath", path, wrong);
            }
        }
    }

    /// <summary>One value may hold several, apart by commas, as environment variables do.</summary>
    private static List<string> ListOf(IConfigurationSection section) => section.Value is { Length: > 0 } one
        ? [.. one.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]
        : [.. section.GetChildren().Select(static entry => entry.Value ?? "")];

    private static string Tell(IDictionary<string, string> map) =>
        map.Count == 0 ? "empty" : string.Join(", ", map.OrderBy(static entry => entry.Key, StringComparer.OrdinalIgnoreCase).Select(static entry => $"{entry.Key} to {entry.Value}"));

    /// <summary>A colon parts the segments of a key, and stands in an address: the last of two segments is the port.</summary>
    private static void ReadMap(IConfigurationSection section, IDictionary<string, string> map)
    {
        foreach (IConfigurationSection entry in section.GetChildren())
        {
            Read(entry, entry.Key);
        }

        void Read(IConfigurationSection entry, string key)
        {
            if (entry.Value is { } reached)
            {
                map[key] = reached;
            }

            foreach (IConfigurationSection below in entry.GetChildren())
            {
                Read(below, $"{key}:{below.Key}");
            }
        }
    }
}
