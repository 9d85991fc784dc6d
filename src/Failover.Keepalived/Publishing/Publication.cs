namespace Failover.Keepalived.Publishing;

/// <summary>What was published last, and whether keepalived counts it. Immutable.</summary>
/// <param name="Credit">The credit.</param>
/// <param name="IsAcknowledged">Whether keepalived has acknowledged it; null while that is waited for, and where there is nothing to acknowledge.</param>
/// <param name="Problem">What is wrong, in a few words; null if nothing is.</param>
internal sealed record Publication(Credit Credit, bool? IsAcknowledged, string? Problem);
