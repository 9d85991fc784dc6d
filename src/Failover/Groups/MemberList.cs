namespace Failover.Groups;

/// <summary>What must hold for a list of members.</summary>
internal static class MemberList
{
    /// <summary>Names each member whose address or name stands in the list twice. Names are what people and metrics know members by: two that differ in case only are one.</summary>
    internal static void Check(IReadOnlyCollection<FailoverMember> members, List<string> problems)
    {
        HashSet<FailoverMember> addresses = [];
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (FailoverMember member in members)
        {
            if (!addresses.Add(member))
            {
                problems.Add($"Two members have the same address: {member.Address}.");
            }
            else if (!names.Add(member.Name))
            {
                problems.Add($"Two members have the same name: {member.Name}.");
            }
        }
    }
}
