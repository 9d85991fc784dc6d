namespace Failover.DnsSwitching.Switching;

/// <summary>What the name is to hold for each member.</summary>
internal static class DnsTargets
{
    /// <summary>The values for a member; null if the host of its address is none and it is not named in the settings.</summary>
    internal static DnsValues? Of(FailoverMember member, DnsSwitchOptions options) =>
        options.Targets.TryGetValue(member.Name, out IList<string>? values) ? DnsValues.Parse(values)
        : DnsValue.TryParse(member.Address.DnsSafeHost, out DnsValue? host) ? DnsValues.Of(host)
        : null;

    /// <summary>Why a member cannot be one of a group whose name is moved, to be read after its address; null if it can.</summary>
    internal static string? WhyNot(FailoverMember member, DnsSwitchOptions options) => Of(member, options) switch
    {
        null => $"has no host that DNS could name: give its values in Targets:{member.Name}",
        [var value] when value.Text == options.Name?.TrimEnd('.').ToLowerInvariant() => $"is the name that is moved: give the addresses of the server in Targets:{member.Name}",
        _ => null,
    };

    /// <summary>The member whose values the name holds; null if they are nobody's.</summary>
    internal static FailoverMember? Holder(DnsValues values, IEnumerable<FailoverMember> members, DnsSwitchOptions options) =>
        members.FirstOrDefault(member => values.Equals(Of(member, options)));

    /// <summary>Two members that the name would hold the same values for; null if there are none.</summary>
    internal static (FailoverMember One, FailoverMember Other)? Twins(IReadOnlyList<FailoverMember> members, DnsSwitchOptions options)
    {
        var twins = members.GroupBy(member => Of(member, options)).FirstOrDefault(static same => same.Key is not null && same.Count() > 1);
        return twins is null ? null : (twins.First(), twins.Skip(1).First());
    }
}
