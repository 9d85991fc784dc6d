using System.Collections.Immutable;

namespace Failover.PostgreSql.Lag;

/// <summary>Finds out which node a replication connection is of. The slot that a node says it uses is certain; else its name or its address, where only one node has it.</summary>
internal static class LinkOwners
{
    /// <param name="standbys">The nodes that are standbys, each with the slot that it says it uses; null if it did not say.</param>
    /// <param name="links">The connections of the primary.</param>
    /// <param name="slots">The slots of the primary.</param>
    internal static Dictionary<FailoverMember, ReplicationLink> Find(IReadOnlyList<(FailoverMember Member, string? Slot)> standbys, ImmutableArray<ReplicationLink> links, ImmutableArray<ReplicationSlot> slots)
    {
        Dictionary<FailoverMember, ReplicationLink> found = [];
        foreach ((FailoverMember member, string? name) in standbys)
        {
            if (name is not null
                && slots.FirstOrDefault(slot => slot.Name == name) is { ProcessId: not 0 } slot
                && links.FirstOrDefault(link => link.ProcessId == slot.ProcessId) is { } link)
            {
                found[member] = link;
            }
        }

        foreach ((FailoverMember member, _) in standbys.Where(standby => !found.ContainsKey(standby.Member)))
        {
            ReplicationLink[] free = [.. links.Except(found.Values)];
            if (Only(free.Where(link => IsNameOf(link.ApplicationName, member) || link.ClientAddress == member.Address.IdnHost)) is { } link
                && standbys.Count(standby => IsNameOf(link.ApplicationName, standby.Member) || link.ClientAddress == standby.Member.Address.IdnHost) == 1)
            {
                found[member] = link;
            }
        }

        return found;
    }

    private static bool IsNameOf(string application, FailoverMember member) =>
        string.Equals(application, member.Name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(application, member.Address.IdnHost, StringComparison.OrdinalIgnoreCase)
        || (member.Address.HostNameType == UriHostNameType.Dns && string.Equals(application, member.Address.IdnHost.Split('.')[0], StringComparison.OrdinalIgnoreCase));

    private static ReplicationLink? Only(IEnumerable<ReplicationLink> links) => links.Take(2).ToArray() is [var only] ? only : null;
}
