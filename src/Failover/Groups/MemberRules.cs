using System.Collections.Immutable;

namespace Failover.Groups;

/// <summary>What must hold for a list of members, wherever it comes from. Every list that a group is made of or changed to goes through here.</summary>
/// <param name="Checks">What the level asks of each member: returns what is wrong, to be read after its address.</param>
/// <param name="AllowsInsecure">Whether members with and without TLS may stand in one list.</param>
internal sealed record MemberRules(ImmutableArray<Func<FailoverMember, string?>> Checks, bool AllowsInsecure)
{
    /// <summary>Names each member that the level cannot serve. Calls foreign code.</summary>
    internal IEnumerable<string> Unfit(string group, IEnumerable<FailoverMember> members) =>
        from member in members
        from check in Checks
        let why = check(member)
        where why is not null
        select $"The member {member.Address.OriginalString} of {group} {why.TrimEnd('.')}.";

    /// <summary>
    /// Names each member whose address or name stands in the list twice, and a list that mixes https and http. Names are what people and metrics know members by: two that differ in case only are one.
    /// </summary>
    internal IEnumerable<string> Misfits(string group, IReadOnlyCollection<FailoverMember> members)
    {
        HashSet<FailoverMember> addresses = [];
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (FailoverMember member in members)
        {
            if (!addresses.Add(member))
            {
                yield return $"Two members of {group} have the same address: {member.Address}.";
            }
            else if (!names.Add(member.Name))
            {
                yield return $"Two members of {group} have the same name: {member.Name}.";
            }
        }

        if (!AllowsInsecure && First(members, Uri.UriSchemeHttps) is { } secure && First(members, Uri.UriSchemeHttp) is { } clear)
        {
            yield return $"The members of {group} must not mix https and http ({secure.Address} and {clear.Address}): after a failover, requests meant for https would go out in clear; AllowInsecureMember allows it.";
        }
    }

    private static FailoverMember? First(IEnumerable<FailoverMember> members, string scheme) => members.FirstOrDefault(member => member.Address.Scheme == scheme);
}
