namespace Failover.TestServers.Sentinel;

/// <summary>Something that a sentinel published.</summary>
/// <param name="Sentinel">Which.</param>
/// <param name="Channel">What happened: <c>+switch-master</c>.</param>
/// <param name="Message">To whom.</param>
/// <param name="At">When it was received: a timestamp of <see cref="System.Diagnostics.Stopwatch"/>.</param>
public sealed record SentinelEvent(SentinelNode Sentinel, string Channel, string Message, long At);
