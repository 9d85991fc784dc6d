using System.Diagnostics;

namespace Failover.Scenarios.Faults;

/// <summary>When a fault held.</summary>
/// <param name="Whole">From its first effect until all was well again.</param>
/// <param name="Dead">When the primary could not serve; empty if it always could.</param>
internal sealed record FaultRun(Span Whole, IReadOnlyList<Span> Dead)
{
    /// <summary>How many cores were burned by others meanwhile; null if none were.</summary>
    internal double? HogCores { get; init; }

    internal bool IsDeadAt(long moment) => Dead.Any(span => span.Holds(moment));

    /// <summary>The last 5 s, or of a shorter fault its second half.</summary>
    internal bool IsNearEnd(long moment) => Whole.Last(TimeSpan.FromSeconds(5)).Holds(moment) && moment >= Whole.From + ((Whole.To - Whole.From) / 2);

    /// <summary>A fault during all of which the primary could not serve.</summary>
    internal static FaultRun DeadFrom(long begun, long ended) => new(new(begun, ended), [new(begun, ended)]);
}
