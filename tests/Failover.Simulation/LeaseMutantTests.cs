using Failover.Simulation.Leases.Checking.Invariants;
using Failover.Simulation.Leases.Mutants;
using Failover.Simulation.Leases.Reporting;
using Failover.Simulation.Leases.Running;
using Xunit.Abstractions;

namespace Failover.Simulation;

public class LeaseMutantTests(ITestOutputHelper output)
{
    private const long MostEvents = 100_000;

    private static readonly Dictionary<string, Type> Types = typeof(LeaseMutant).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(LeaseMutant)) && !t.IsAbstract).ToDictionary(t => t.Name, StringComparer.Ordinal);

    public static TheoryData<string> Mutants => [.. Types.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Mutants))]
    public void A_lease_with_a_bug_is_caught_by_the_invariant_that_it_breaks(string mutant)
    {
        LeaseMutant rules = Make(Types[mutant]);
        long events = 0;
        LeaseResult? caught = null;
        for (ulong seed = 1; caught is null && events <= MostEvents; seed++)
        {
            LeaseResult result = LeaseLife.Of(seed, rules);
            events += result.Tally.Total;
            caught = result.Violated is null ? null : result;
        }

        Assert.True(caught is not null, $"{mutant} was not caught within {events} events");
        output.WriteLine($"{mutant}: caught after {events:N0} events");
        output.WriteLine(LeaseFailure.Of(caught, rules));
        Assert.Equal(rules.Breaks, caught.Violated!.Invariant);
        Assert.InRange(events, 1, MostEvents);
    }

    [Fact]
    public void Every_invariant_of_leases_has_a_mutant_that_breaks_it()
    {
        IEnumerable<string> broken = Types.Values.Select(t => Make(t).Breaks);

        Assert.Empty(AllOfLeases.Make().Select(i => i.Name).Except(broken));
    }

    private static LeaseMutant Make(Type type) => (LeaseMutant)Activator.CreateInstance(type)!;
}
