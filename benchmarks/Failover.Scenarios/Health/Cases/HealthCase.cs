using Failover.Scenarios.Faults;
using Failover.Scenarios.Health.Nodes;

namespace Failover.Scenarios.Health.Cases;

/// <summary>Something that a health endpoint has to stand, and what our own promises then.</summary>
internal abstract class HealthCase
{
    internal static readonly IReadOnlyList<HealthCase> All = [new Answer(), new TwoHundredConnections(), new Blocking(), new Hanging(), new SecretsCase(), new Sigterm()];

    internal abstract string Name { get; }

    /// <summary>What is done, for the line that is printed at its start.</summary>
    internal abstract string About { get; }

    internal virtual bool CanRunHere => true;

    internal abstract Task<IReadOnlyList<HealthRow>> RunAsync(bool isShort);

    /// <summary>What must hold for ours.</summary>
    internal abstract IEnumerable<Bar> Bars(IReadOnlyList<HealthRow> rows, bool isShort);

    protected static HealthRow Ours(IEnumerable<HealthRow> rows) => rows.Single(row => row.Client == NodeKinds.Failover);

    /// <summary>One after the other, each with a node of its own.</summary>
    protected async Task<IReadOnlyList<HealthRow>> EachAsync(IEnumerable<string> kinds, bool isShort, Func<NodeProcess, HealthRow, Task<HealthRow>> measure)
    {
        List<HealthRow> rows = [];
        foreach (string kind in kinds)
        {
            await using NodeProcess node = await NodeProcess.StartAsync(kind, Name, isShort);
            rows.Add(await measure(node, new() { Case = Name, Client = kind }));
        }

        return rows;
    }
}
