using System.Globalization;
using System.Text;
using Failover.Simulation.Leases.Running;
using Failover.Simulation.Reporting;

namespace Failover.Simulation.Leases.Reporting;

/// <summary>Tells of a broken promise: the seed, the fewest faults that show it, what happened then, and the command that runs it again.</summary>
internal static class LeaseFailure
{
    internal static string Of(LeaseResult result, LeaseRules rules)
    {
        LeaseScenario scenario = result.Scenario;
        string invariant = result.Violated!.Invariant;
        List<LeaseFault> few = Minimiser.Shorten([.. scenario.Faults], rest => LeaseLife.Of(scenario with { Faults = [.. rest] }, rules).Violated?.Invariant == invariant);
        Trace trace = new();
        LeaseResult again = LeaseLife.Of(scenario with { Faults = [.. few] }, rules, trace);

        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"seed {scenario.Seed} ({scenario.Kind}): {result.Violated.Message}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{few.Count} of {scenario.Faults.Length} faults are enough: {again.Violated?.Message}");
        text.AppendLine(CultureInfo.InvariantCulture, $"    {scenario.Rates.Length} hosts whose clocks run at {string.Join(", ", scenario.Rates.Select(rate => rate.ToString("0.####", CultureInfo.InvariantCulture)))}, a store whose clock runs at {scenario.StoreRate:0.####}");
        text.AppendLine(CultureInfo.InvariantCulture, $"    a lease of {scenario.Settings.Duration}, margin {scenario.Settings.Margin}, granted for {scenario.Granted}, asked for each {scenario.RetryInterval}; the resource compares {scenario.Compares}");
        foreach (LeaseFault fault in few)
        {
            text.Append("    ").AppendLine(fault.ToString());
        }

        text.AppendLine("what happened last, in true time:");
        foreach (string line in trace.Last)
        {
            text.Append("    ").AppendLine(line);
        }

        if (result.Violated.InnerException is { } thrown)
        {
            text.AppendLine(thrown.ToString());
        }

        return text.AppendLine("run it again:").Append("    ").AppendLine(Command(scenario.Seed)).ToString();
    }

    internal static string Command(ulong seed) =>
        string.Create(CultureInfo.InvariantCulture, $"dotnet test tests/Failover.Simulation --filter LeaseReplay -e FAILOVER_SEED={seed}");
}
