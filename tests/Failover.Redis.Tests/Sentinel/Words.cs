using System.Globalization;
using Failover.Redis.Sentinel;
using Failover.Redis.Sets;

namespace Failover.Redis.Tests.Sentinel;

/// <summary>What sentinels say, for tests of what only decides.</summary>
internal static class Words
{
    internal const string Service = "mymaster";

    internal static readonly HostAndPort A = new("10.0.0.1", 6379);
    internal static readonly HostAndPort B = new("10.0.0.2", 6379);
    internal static readonly HostAndPort C = new("10.0.0.3", 6379);

    /// <summary>The id of a sentinel with a number; the text of it begins with that.</summary>
    internal static string Id(int sentinel) => sentinel.ToString("x8", CultureInfo.InvariantCulture) + new string('0', 32);

    internal static HostAndPort At(int sentinel) => new($"10.0.1.{sentinel}", 26379);

    /// <summary>A word of one of three sentinels that know each other and three nodes.</summary>
    internal static SentinelWord Word(int sentinel, HostAndPort master, long epoch, int others = 2, params int[] set)
    {
        int[] all = set.Length > 0 ? set : [1, 2, 3];
        return new(Id(sentinel), master, epoch, false, false, others, 2, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60))
        {
            Sentinels = [.. all.Where(other => other != sentinel).Select(static other => (Id(other), At(other)))],
            Replicas = [.. new[] { A, B, C }.Where(node => node != master)],
        };
    }

    /// <summary>The words of sentinels that the settings name, just said.</summary>
    internal static SentinelVoice[] Voices(params SentinelWord?[] words) => [.. words.Select(static word => new SentinelVoice(true, word, TimeSpan.Zero))];

    internal static SentinelVotes After(this SentinelVotes votes, params SentinelWord?[] words) => votes.Count(Service, Voices(words), TimeSpan.Zero);
}
