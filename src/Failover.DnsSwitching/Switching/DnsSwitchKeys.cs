namespace Failover.DnsSwitching.Switching;

/// <summary>The keys of <see cref="DnsSwitchOptions"/>, and the rules for their values.</summary>
internal static class DnsSwitchKeys
{
    private const int MostNameServers = 16;

    internal static readonly OptionsKeys<DnsSwitchOptions> Table = new OptionsKeys<DnsSwitchOptions>()
        .Text("Name", o => o.Name, (o, v) => o.Name = v)
        .Time("TimeToLive", o => o.TimeToLive, (o, v) => o.TimeToLive = v, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1))
        .Text("Owner", o => o.Owner, (o, v) => o.Owner = v)
        .Time("CoolDown", o => o.CoolDown, (o, v) => o.CoolDown = v, TimeSpan.Zero, TimeSpan.FromDays(1))
        .Time("VisibleWithin", o => o.VisibleWithin, (o, v) => o.VisibleWithin = v, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1))
        .Section("NameServers", ["*"], (section, o, check) => o.NameServers = [.. section.GetChildren().Select(static child => child.Value ?? "")])
        .Section("Targets", ["*", "*:*"], (section, o, check) =>
        {
            foreach (var member in section.GetChildren())
            {
                o.Targets[member.Key] = member.Value is { } one ? [one] : [.. member.GetChildren().Select(static child => child.Value ?? "")];
            }
        })
        .Fixed("Name").Fixed("Owner").Fixed("CoolDown").Fixed("VisibleWithin")
        .Rule(Check);

    private static void Check(DnsSwitchOptions options, OptionsCheck check)
    {
        if (!DnsName.TryParse(options.Name, out string? name) || !name.Contains('.', StringComparison.Ordinal))
        {
            check.Refuse("Name", options.Name, "must be the name that is moved, with its zone, like shop.example.com");
        }

        if (options.TimeToLive.Ticks % TimeSpan.TicksPerSecond != 0 && !check.IsRefused("TimeToLive"))
        {
            check.Refuse("TimeToLive", options.TimeToLive, "must be whole seconds");
        }

        if (options.Owner is { } owner && !DnsOwner.IsWord(owner))
        {
            check.Refuse("Owner", owner, "must have 1 to 64 letters, digits, '.', '_' and '-'");
        }

        if (options.NameServers is not { Count: <= MostNameServers })
        {
            check.Refuse("NameServers", $"must be at most {MostNameServers} name servers");
        }

        foreach ((string server, int index) in (options.NameServers ?? []).Select(static (server, index) => (server, index)))
        {
            if (!NameServerAddress.TryParse(server, out _))
            {
                check.Refuse($"NameServers:{index}", server, "must be an address or a host name, with a port where it is not 53, like 192.0.2.53 or ns1.example.com:5353");
            }
        }

        foreach ((string member, IList<string> values) in options.Targets)
        {
            CheckTarget(member, values, name, check);
        }
    }

    private static void CheckTarget(string member, IList<string>? values, string? name, OptionsCheck check)
    {
        DnsValue?[] read = [.. (values ?? []).Select(static value => DnsValue.TryParse(value, out DnsValue? its) ? its : null)];
        if (read.Length == 0 || read.Contains(null) || (read.Length > 1 && read.Any(static value => value!.Kind == DnsRecordKind.CName)))
        {
            check.Refuse($"Targets:{member}", string.Join(", ", values ?? []), "must be IP addresses, or one other name");
        }
        else if (read.Any(value => value!.Text == name))
        {
            check.Refuse($"Targets:{member}", string.Join(", ", values!), "must be another name than the one that is moved");
        }
    }
}
