using Failover.Redis.Sets;

namespace Failover.Redis.Sentinel;

/// <summary>Finds further sentinels than those of the settings. Pure.</summary>
internal static class SentinelFinding
{
    /// <summary>How many sentinels are watched at most.</summary>
    internal const int MaxSentinels = 16;

    /// <summary>
    /// Returns the sentinels that most name by the same id and address. Most of those that the settings name, or of those that were heard, if these are more: a single liar among three cannot bring its friends.
    /// Where the settings name one alone, that one is believed until others are heard.
    /// </summary>
    internal static List<(string Id, HostAndPort Address)> Named(IReadOnlyCollection<SentinelVoice> voices, TimeSpan now)
    {
        List<SentinelWord> words = SentinelVoice.Fresh(voices, now);
        int all = Math.Max(SentinelVoice.Distinct(words), SentinelVoice.Configured(voices));
        return
        [
            .. from one in words.SelectMany(static word => word.Sentinels.Select(other => (other.Id, other.Address, By: word.Id))).Distinct()
               group one by (one.Id, one.Address) into those
               where SentinelVotes.IsMost(those.Count(), all)
               orderby those.Key.Id
               select those.Key,
        ];
    }

    /// <summary>Returns those of the named that no voice is of.</summary>
    internal static IEnumerable<HostAndPort> Further(IEnumerable<(string Id, HostAndPort Address)> named, IReadOnlyCollection<SentinelVoice> voices) =>
        from one in named
        where !voices.Any(voice => voice.Word?.Id == one.Id)
        select one.Address;
}
