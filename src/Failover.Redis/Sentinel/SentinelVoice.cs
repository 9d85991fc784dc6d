namespace Failover.Redis.Sentinel;

/// <summary>What was last heard at one address of a sentinel.</summary>
/// <param name="IsConfigured">Whether the settings name the address; else most of the sentinels do.</param>
/// <param name="Word">Its last word; null if it never answered.</param>
/// <param name="At">When it said so, on the clock of who counts.</param>
internal readonly record struct SentinelVoice(bool IsConfigured, SentinelWord? Word, TimeSpan At)
{
    /// <summary>An older word of who has fallen silent since names no new master.</summary>
    internal static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);

    /// <summary>The words that count now.</summary>
    internal static List<SentinelWord> Fresh(IEnumerable<SentinelVoice> voices, TimeSpan now) => [.. from voice in voices where voice.Word is not null && now - voice.At <= MaxAge select voice.Word];

    /// <summary>How many sentinels have said these words: two addresses of one are one.</summary>
    internal static int Distinct(IEnumerable<SentinelWord> words) => words.Select(static word => word.Id).Distinct(StringComparer.Ordinal).Count();

    /// <summary>How many sentinels the settings name: two addresses of one are one.</summary>
    internal static int Configured(IEnumerable<SentinelVoice> voices)
    {
        List<SentinelVoice> named = [.. voices.Where(static voice => voice.IsConfigured)];
        return named.Count(static voice => voice.Word is null) + named.Where(static voice => voice.Word is not null).Select(static voice => voice.Word!.Id).Distinct(StringComparer.Ordinal).Count();
    }
}
