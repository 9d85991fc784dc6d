namespace Failover.Redis.Sentinel;

/// <summary>Who is told what a sentinel says. Called from any thread.</summary>
internal interface ISentinelListener
{
    /// <summary>Gets how long to wait between two questions.</summary>
    TimeSpan Pace { get; }

    /// <summary>It answered.</summary>
    void Heard(SentinelLink link, SentinelWord word);

    /// <summary>It did not, or not as a sentinel does.</summary>
    void Silent(SentinelLink link, string evidence);

    /// <summary>It published something.</summary>
    void Told(SentinelLink link, SentinelMessage message);

    /// <summary>Its messages cannot be heard; null: they can.</summary>
    void Deaf(SentinelLink link, string? evidence);
}
