using Failover.Scenarios.Dns.Clients;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Reports;

namespace Failover.Scenarios.Dns;

/// <summary>What must hold for ours.</summary>
internal static class DnsBars
{
    /// <param name="rows">The rows of one fault.</param>
    internal static IEnumerable<Bar> Of(IReadOnlyList<DnsRow> rows)
    {
        DnsRow[] ours = [.. rows.Where(static row => row.Client == NameClientKind.Follower.Name)];
        if (ours.Length == 0)
        {
            yield break;
        }

        double switched = Numbers.Median([.. ours.Select(static row => row.SwitchMs ?? double.PositiveInfinity)]);
        double served = ours.Max(static row => row.ClientMs ?? double.PositiveInfinity);
        yield return new($"the name is moved within 50 ms of the detection, in the median ({Numbers.Text(switched)} ms)", switched <= 50, NeedsFullRun: true);
        yield return new($"a client that follows is served by the standby within 4,000 ms of the failure, always (at most {Numbers.Text(served)} ms)", served <= 4000);
    }
}
