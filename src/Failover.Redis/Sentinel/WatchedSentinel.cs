using Failover.Redis.Sets;

namespace Failover.Redis.Sentinel;

/// <summary>What is known of one address of a sentinel. Under the lock of the watch.</summary>
internal sealed class WatchedSentinel(SentinelLink link, CancellationTokenSource ending)
{
    internal SentinelLink Link => link;

    /// <summary>Gets what ends its connections.</summary>
    internal CancellationTokenSource Ending => ending;

    /// <summary>Gets since when it is watched.</summary>
    internal TimeSpan Since { get; init; }

    internal Task Running { get; set; } = Task.CompletedTask;

    internal SentinelVoice Voice { get; set; } = new(link.IsConfigured, null, TimeSpan.Zero);

    /// <summary>Gets or sets why it does not answer; null if it does, or has not had the time.</summary>
    internal string? Silence { get; set; }

    /// <summary>Gets or sets why its messages cannot be heard; null if they can, or there has been no time.</summary>
    internal string? Deafness { get; set; }

    internal bool IsDeafTold { get; set; }

    internal bool HasAnswered { get; set; }

    /// <summary>Gets or sets when it began the failover that it leads; null if it leads none.</summary>
    internal TimeSpan? Announced { get; set; }

    internal TimeSpan? Aborted { get; set; }

    /// <summary>Gets or sets which master it began to leave that is not the one in use, and when: the next one, perhaps.</summary>
    internal (HostAndPort Master, TimeSpan At)? Foretold { get; set; }

    /// <summary>Gets or sets when its word last had connections cut.</summary>
    internal TimeSpan? Cut { get; set; }

    internal TimeSpan? Tilted { get; set; }

    internal SentinelState State => new(link.Address, link.IsConfigured, Voice.Word, Silence, Deafness);

    /// <summary>Whether it has not followed yet: what it says of this address is of an epoch that is no longer in use.</summary>
    internal bool IsBehind(Binding binding) => Voice.Word is { } word && word.Master == binding.Address && word.Epoch < binding.Epoch.Number;
}
