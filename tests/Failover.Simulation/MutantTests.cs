using Failover.Simulation.Checking;
using Failover.Simulation.Checking.Invariants;
using Failover.Simulation.Mutants;
using Failover.Simulation.Reporting;
using Failover.Simulation.Running;
using Xunit.Abstractions;

namespace Failover.Simulation;

public class MutantTests(ITestOutputHelper output)
{
    private const long MostEvents = 100_000;

    private static readonly Dictionary<string, Type> Types = typeof(Mutant).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(Mutant)) && !t.IsAbstract).ToDictionary(t => t.Name, StringComparer.Ordinal);

    public static TheoryData<string> Mutants => [.. Types.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Mutants))]
    public void An_engine_with_a_bug_is_caught_by_the_invariant_that_it_breaks(string mutant)
    {
        Mutant fold = (Mutant)Activator.CreateInstance(Types[mutant])!;
        CellTable cells = new();
        RunResult? caught = null;
        for (ulong seed = 1; caught is null && cells.Total <= MostEvents; seed++)
        {
            RunResult result = Run.Of(seed, fold);
            cells.Add(result.Cells);
            caught = result.Violated is null ? null : result;
        }

        Assert.True(caught is not null, $"{mutant} was not caught within {cells.Total} events");
        output.WriteLine($"{mutant}: caught after {cells.Total:N0} events");
        output.WriteLine(FailureReport.Of(caught!, fold));
        Assert.Equal(fold.Breaks, caught!.Violated!.Invariant);
        Assert.InRange(cells.Total, 1, MostEvents);
    }

    [Fact]
    public void Every_invariant_has_a_mutant_that_breaks_it()
    {
        IEnumerable<string> broken = Types.Values.Select(t => ((Mutant)Activator.CreateInstance(t)!).Breaks);

        Assert.Empty(All.Make().Select((Invariant i) => i.Name).Except(broken));
    }
}
