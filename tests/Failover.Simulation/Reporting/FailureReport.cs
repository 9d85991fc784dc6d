using System.Globalization;
using System.Text;
using Failover.Simulation.Running;

namespace Failover.Simulation.Reporting;

/// <summary>Tells of a broken promise: the seed, the fewest events that show it, and the command that runs it again.</summary>
internal static class FailureReport
{
    private const int LastEvents = 60;

    internal static string Of(RunResult result, IFold fold)
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"seed {result.Seed} ({result.Kind}): {result.Violated!.Message}");
        Recording recording = result.Recording!;
        List<Fed>? few = Minimiser.Minimise(recording, fold, result.Violated.Invariant);
        text.AppendLine(few is null
            ? $"the last {LastEvents} of {recording.Events.Count} events (what the world judges cannot be shown by fewer):"
            : $"{few.Count} of {recording.Events.Count} events are enough, with the timer ringing when the engine wants it:");
        text.AppendLine(CultureInfo.InvariantCulture, $"    {recording.Beginning.Now.Elapsed:hh\\:mm\\:ss\\.ffffff}  members {string.Join(", ", recording.Beginning.Members)}");
        foreach (Fed fed in few ?? recording.Events.TakeLast(LastEvents))
        {
            text.Append("    ").AppendLine(EventText.Of(fed.Event, fed.Now));
        }

        if (result.Violated.InnerException is { } thrown)
        {
            text.AppendLine(thrown.ToString());
        }

        return text.AppendLine("run it again:").Append("    ").AppendLine(Command(result.Seed)).ToString();
    }

    internal static string Command(ulong seed) =>
        string.Create(CultureInfo.InvariantCulture, $"dotnet test tests/Failover.Simulation --filter Replay -e FAILOVER_SEED={seed}");
}
