using Failover.Scenarios.Reports;

namespace Failover.Scenarios.Faults;

/// <summary>A kill at 2 requests a second: too few for a breaker that counts a share of many.</summary>
internal sealed class LowRate : Kill
{
    internal override string Name => "lowrate";

    internal override IReadOnlyList<int> Rates(IReadOnlyList<int> asked) => [2];

    internal override IEnumerable<Bar> Bars(Row row) =>
    [
        NoneFailed(row),
        new($"≤ 3 hits on the dead member, probes apart (was {row.DeadHits}; {row.Probes} probes)", row.DeadHits <= 3),
    ];
}
