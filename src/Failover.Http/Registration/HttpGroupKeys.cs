using Failover.Http.Addresses;
using Failover.Http.Probing;
using Microsoft.Extensions.Configuration;

namespace Failover.Http.Registration;

/// <summary>The keys of <see cref="HttpGroupOptions"/>, and the rules for their values.</summary>
internal static class HttpGroupKeys
{
    internal static readonly OptionsKeys<HttpGroupOptions> Table = new OptionsKeys<HttpGroupOptions>()
        .Section("Members", ["*", "*:Name", "*:Address"], BindMembers)
        .Flag("AllowInsecureMember", o => o.AllowInsecureMember, (o, v) => o.AllowInsecureMember = v)
        .Text("Probe:Path", o => o.Probe.Path, (o, v) => o.Probe.Path = v ?? "")
        .Text("Probe:ExpectedStatus", o => o.Probe.ExpectedStatus, (o, v) => o.Probe.ExpectedStatus = v ?? "")
        .Text("Probe:BodyContains", o => o.Probe.BodyContains, (o, v) => o.Probe.BodyContains = v)
        .Text("Probe:HttpVersion", o => o.Probe.HttpVersion, (o, v) => o.Probe.HttpVersion = v ?? "")
        .Time("Connections:ConnectTimeout", o => o.Connections.ConnectTimeout, (o, v) => o.Connections.ConnectTimeout = v, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10))
        .Time("Connections:PooledLifetime", o => o.Connections.PooledLifetime, (o, v) => o.Connections.PooledLifetime = v, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24))
        .Fraction("Replay:Share", o => o.Replay.Share, (o, v) => o.Replay.Share = v, 0, 1)
        .Number("Replay:Reserve", o => o.Replay.Reserve, (o, v) => o.Replay.Reserve = v, 0, 10_000)
        .Number("Replay:BufferContent", o => o.Replay.BufferContent, (o, v) => o.Replay.BufferContent = v, 0, 65_536)
        .Rule(CheckMembers)
        .Rule(CheckProbe);

    /// <summary>The members of checked options.</summary>
    internal static IEnumerable<FailoverMember> MembersOf(HttpGroupOptions options) =>
        options.Members.Select(member => new FailoverMember(member.Name, new Uri(member.Address, UriKind.Absolute)));

    private static void BindMembers(IConfigurationSection section, HttpGroupOptions options, OptionsCheck check)
    {
        IConfigurationSection[] entries = [.. section.GetChildren()];
        if (entries.Length == 0)
        {
            check.Refuse("Members", section.Value, string.IsNullOrEmpty(section.Value) ? "is empty: it must list at least one address, the preferred one first" : "must be a list of addresses, the preferred one first");
            return;
        }

        // The order is the order of preference: names, which configuration sorts, would not keep it.
        if (entries.FirstOrDefault(entry => !int.TryParse(entry.Key, out _)) is { } named)
        {
            check.Refuse($"Members:{named.Key}", "must not be named so: Members is a list, the preferred one first; a name stands in Name");
            return;
        }

        options.Members = [.. entries.Select(entry => new HttpMemberOptions { Name = entry["Name"], Address = entry.Value ?? entry["Address"] ?? "" })];
    }

    private static void CheckMembers(HttpGroupOptions options, OptionsCheck check)
    {
        if (check.IsRefused("Members") || check.Problems.Any(problem => problem.Contains(":Members:", StringComparison.Ordinal)))
        {
            return;
        }

        if (options.Members is not { Count: > 0 })
        {
            check.Refuse("Members", "is missing: it must list at least one address, the preferred one first");
            return;
        }

        Dictionary<string, int> addresses = new(StringComparer.Ordinal);
        Dictionary<string, int> names = new(StringComparer.OrdinalIgnoreCase);
        HashSet<string> schemes = [];
        for (int i = 0; i < options.Members.Count; i++)
        {
            HttpMemberOptions member = options.Members[i];
            if (Read(member, $"Members:{i}", check) is not { } read)
            {
                continue;
            }

            schemes.Add(read.Address.Scheme);
            if (!addresses.TryAdd(read.Address.AbsoluteUri, i))
            {
                check.Refuse($"Members:{i}", member.Address, $"must not be the address of Members:{addresses[read.Address.AbsoluteUri]} again");
            }
            else if (!names.TryAdd(read.Name, i))
            {
                check.Refuse($"Members:{i}:Name", read.Name, $"must not be the name of Members:{names[read.Name]} again");
            }
        }

        if (schemes.Count > 1 && !options.AllowInsecureMember)
        {
            check.Refuse("Members", "must not mix https and http: after a failover, requests meant for https would go out in clear; AllowInsecureMember: true allows it");
        }
    }

    private static FailoverMember? Read(HttpMemberOptions member, string key, OptionsCheck check)
    {
        if (!Uri.TryCreate(member.Address, UriKind.Absolute, out Uri? address) || !HttpAddress.IsHttp(address) || address.Host.Length == 0)
        {
            check.Refuse(key, member.Address, $"must be an address with http or https, like {HttpAddress.Example(member.Address)}");
        }
        else if (address.UserInfo.Length > 0)
        {
            check.Refuse(key, "must not carry user information: addresses are shown in logs");
        }
        else if (address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            check.Refuse(key, "must not carry a query or a fragment");
        }
        else if (member.Name is not null && string.IsNullOrWhiteSpace(member.Name))
        {
            check.Refuse($"{key}:Name", member.Name, "must not be blank; leave it out to call the member by its host and port");
        }
        else
        {
            return new FailoverMember(member.Name, address);
        }

        return null;
    }

    internal static void CheckProbe(HttpProbeOptions options, OptionsCheck check)
    {
        foreach ((string key, string? value, string allowed) in ProbePlan.Validate(options))
        {
            check.Refuse($"Probe:{key}", value, $"must be {allowed}");
        }
    }

    private static void CheckProbe(HttpGroupOptions options, OptionsCheck check)
    {
        if (options.Probe is null)
        {
            check.Refuse("Probe", "must be set");
        }
        else
        {
            CheckProbe(options.Probe, check);
        }
    }
}
