namespace Failover.Benchmarks.Groups;

/// <summary>Every member is healthy, at once.</summary>
internal sealed class NoOpProbe : IMemberProbe
{
    private long _asked;

    internal long Asked => Interlocked.Read(ref _asked);

    public ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        return new(ProbeResult.Success());
    }
}
