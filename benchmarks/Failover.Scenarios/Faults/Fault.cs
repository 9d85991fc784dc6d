using Failover.Scenarios.Reports;
using Failover.Scenarios.Servers;

namespace Failover.Scenarios.Faults;

/// <summary>Something that goes wrong with the primary, and what our own client promises then.</summary>
internal abstract class Fault
{
    internal abstract string Name { get; }

    internal virtual bool CanRunHere => true;

    internal virtual HttpMethod Method => HttpMethod.Get;

    /// <summary>How long the servers work on each request, in milliseconds.</summary>
    internal virtual int Work => 10;

    /// <summary>Whether it shows a difference between clients. Else only ours could do something wrong, and the bare client beside it shows what the load itself costs.</summary>
    internal virtual bool ComparesPeers => true;

    /// <summary>At which rates it runs: those that were asked for, unless it has one of its own.</summary>
    internal virtual IReadOnlyList<int> Rates(IReadOnlyList<int> asked) => asked;

    internal virtual Timeline Timeline(bool isShort) => isShort ? Faults.Timeline.Short : Faults.Timeline.Full;

    /// <summary>Breaks the primary, lets <paramref name="length"/> pass, and mends it.</summary>
    internal abstract Task<FaultRun> RunAsync(BackendProcess primary, TimeSpan length);

    internal abstract IEnumerable<Bar> Bars(Row row);

    protected static Bar NoneFailed(Row row) => new($"0 failed (was {row.Failed + row.FailedOutside})", row.Failed + row.FailedOutside == 0);
}
