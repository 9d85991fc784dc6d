namespace Failover.HealthChecks.Peers;

/// <summary>How a check stands at a peer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Status">What it counts as, in one word, as <see cref="CheckSnapshot.StatusName"/> has it.</param>
/// <param name="PassedMs">How many milliseconds ago its last run that passed began; null if none did.</param>
internal sealed record PeerCheck(string Name, string Status, long? PassedMs)
{
    internal const string Healthy = "healthy";

    /// <summary>Whether the check says that what it looks at works, be it with a loss.</summary>
    internal bool Works => Status is Healthy or "degraded";
}
