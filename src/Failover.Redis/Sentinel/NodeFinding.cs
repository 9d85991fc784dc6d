using System.Collections.Immutable;
using Failover.Redis.Sets;

namespace Failover.Redis.Sentinel;

/// <summary>Turns what the sentinels list into the members of a group. Decides only. For one caller.</summary>
internal sealed class NodeFinding
{
    /// <summary>A sentinel that was reset finds the replicas again within 10 seconds: whom it no longer lists is not gone at once.</summary>
    internal static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(30);

    private readonly Dictionary<FailoverMember, TimeSpan> _unlistedSince = [];

    /// <summary>Takes in what is listed.</summary>
    /// <param name="voices">What was last heard of each sentinel.</param>
    /// <param name="votes">The count of these voices.</param>
    /// <param name="now">The present time.</param>
    /// <param name="current">The members by now, in their order.</param>
    /// <param name="active">The active one of them, which never goes; null for none.</param>
    /// <param name="reach">Says where a node is from here; null if it may not be found.</param>
    /// <returns>The members from now on, or an empty list for no change; and whom most list that may not be found, or null.</returns>
    internal (ImmutableArray<FailoverMember> Members, string? Refused) Take(
        IReadOnlyCollection<SentinelVoice> voices, SentinelVotes votes, TimeSpan now, IReadOnlyCollection<FailoverMember> current, FailoverMember? active, Func<HostAndPort, HostAndPort?> reach)
    {
        if (!votes.HasMajority || votes.Binding is null)
        {
            // Nobody goes and nobody comes, and time without a word counts for nothing.
            _unlistedSince.Clear();
            return ([], null);
        }

        string? refused = null;
        HashSet<FailoverMember> listed = [];
        foreach (HostAndPort named in Listed(voices, votes, now))
        {
            if (reach(named) is { } here)
            {
                listed.Add(here.Member);
            }
            else
            {
                refused ??= named.ToString();
            }
        }

        ImmutableArray<FailoverMember> next = [.. current.Where(member => Stays(member, listed, active, now)), .. listed.Where(member => !current.Contains(member)).OrderBy(static member => member.Address.AbsoluteUri, StringComparer.Ordinal)];
        return (next.SequenceEqual(current) ? [] : next, refused);
    }

    /// <summary>The addresses that most list, as master or replica, and the master that most have named.</summary>
    private static IEnumerable<HostAndPort> Listed(IReadOnlyCollection<SentinelVoice> voices, SentinelVotes votes, TimeSpan now)
    {
        var named =
            from word in SentinelVoice.Fresh(voices, now)
            from address in word.Replicas.Append(word.Master)
            select (address, word.Id);
        IEnumerable<HostAndPort> most =
            from one in named.Distinct()
            group one by one.address into those
            where SentinelVotes.IsMost(those.Count(), votes.Known)
            select those.Key;
        return (votes.Binding is { } binding ? most.Append(binding.Address) : most).Distinct().Take(SentinelWord.MaxListed);
    }

    private bool Stays(FailoverMember member, HashSet<FailoverMember> listed, FailoverMember? active, TimeSpan now)
    {
        if (listed.Contains(member))
        {
            _unlistedSince.Remove(member);
            return true;
        }

        TimeSpan since = _unlistedSince.TryGetValue(member, out TimeSpan first) ? first : _unlistedSince[member] = now;
        bool stays = now - since < GoneAfter || member.Equals(active);
        if (!stays)
        {
            _unlistedSince.Remove(member);
        }

        return stays;
    }
}
