using System.Collections.Immutable;

namespace Failover.PostgreSql.Patroni;

/// <summary>Turns lists of nodes into the members of a group. Decides only: nothing in it waits or asks. For one caller.</summary>
internal sealed class MemberFinding
{
    private const int NeededForRemoval = 2;

    private ImmutableArray<FailoverMember> _wanted = [];
    private int _said;

    /// <summary>Gets whether a list is wanted of the leader itself: somebody's list lacks a member.</summary>
    internal bool AsksLeader { get; private set; }

    /// <summary>Takes a list in.</summary>
    /// <param name="view">What was said.</param>
    /// <param name="isLeaders">Whether the leader itself has said so.</param>
    /// <param name="current">The members by now.</param>
    /// <param name="allowed">Which may be found.</param>
    /// <returns>What is to be done.</returns>
    internal Finding Take(PatroniView view, bool isLeaders, IReadOnlyCollection<FailoverMember> current, AllowedMembers allowed)
    {
        AsksLeader = false;
        ImmutableArray<FailoverMember>.Builder found = ImmutableArray.CreateBuilder<FailoverMember>(view.Nodes.Length);
        foreach (PatroniNode node in view.Nodes)
        {
            // The same node may stand among the members under another address: to take a part of the list would have it twice.
            if (node.MemberIn(allowed) is not { } member)
            {
                return Forget(Finding.Refuse($"{Shown(node.Host)}:{node.Port} is not allowed"));
            }

            if (found.Any(other => other.Equals(member) || string.Equals(other.Name, member.Name, StringComparison.OrdinalIgnoreCase)))
            {
                return Forget(Finding.Refuse($"{Shown(node.Host)}:{node.Port} stands in it twice, or its name does"));
            }

            found.Add(member);
        }

        ImmutableArray<FailoverMember> listed = found.ToImmutable();
        HashSet<FailoverMember> set = [.. listed];
        if (current.All(set.Contains))
        {
            // Nobody goes. Who is new has to prove itself, as everybody has.
            return Forget(set.Count == current.Count ? Finding.Keep : Finding.Set(listed));
        }

        if (!isLeaders || view.Leader is null)
        {
            AsksLeader = view.Leader is not null;
            return Finding.Keep;
        }

        _said = _wanted.Length == listed.Length && _wanted.All(set.Contains) ? _said + 1 : 1;
        _wanted = listed;
        AsksLeader = _said < NeededForRemoval;
        return AsksLeader ? Finding.Keep : Forget(Finding.Set(listed));
    }

    private Finding Forget(Finding finding)
    {
        (_wanted, _said, AsksLeader) = ([], 0, false);
        return finding;
    }

    /// <summary>One line of bounded length: it stands in a log.</summary>
    private static string Shown(string? host) => host is null ? "a node without a host" : new string([.. host.Take(100).Select(static letter => char.IsControl(letter) ? ' ' : letter)]);
}

/// <summary>What a list of nodes means.</summary>
/// <param name="Members">The members from now on; empty: no change.</param>
/// <param name="Refused">Why the list was not taken; null if it was.</param>
internal readonly record struct Finding(ImmutableArray<FailoverMember> Members, string? Refused)
{
    internal static Finding Keep => new([], null);

    internal static Finding Set(ImmutableArray<FailoverMember> members) => new(members, null);

    internal static Finding Refuse(string why) => new([], why);
}
