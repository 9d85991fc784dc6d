using Failover.Engine;
using Failover.Simulation.Running;

namespace Failover.Simulation.Reporting;

/// <summary>
/// Leaves out of a recording whatever the violation does not need (delta debugging: halves, quarters, … single events), by running the rest again against
/// the same fold and the same invariants. Bounded by a number of runs.
/// </summary>
internal static class Minimiser
{
    private const int MaxRuns = 2000;

    /// <returns>The events that are left; null if the recording alone does not show the violation: then it is one that only the world can judge.</returns>
    internal static List<Fed>? Minimise(Recording recording, IFold fold, string invariant)
    {
        Recording withoutTicks = recording with { Events = [.. recording.Events.Where(e => e.Event is not Tick)] };
        return Shows(withoutTicks, fold, invariant, adapted: true) ? Shorten(withoutTicks.Events, rest => Shows(withoutTicks with { Events = rest }, fold, invariant, adapted: true))
            : Shows(recording, fold, invariant, adapted: false) ? Shorten(recording.Events, rest => Shows(recording with { Events = rest }, fold, invariant, adapted: false))
            : null;
    }

    /// <param name="events">What shows it.</param>
    /// <param name="shows">Whether these still show it.</param>
    internal static List<T> Shorten<T>(List<T> events, Func<List<T>, bool> shows)
    {
        int runs = 0;
        for (int chunk = Math.Max(1, events.Count / 2); ; chunk = Math.Max(1, chunk / 2))
        {
            bool shorter = false;
            for (int start = 0; start < events.Count && runs < MaxRuns; runs++)
            {
                List<T> rest = [.. events.Take(start), .. events.Skip(start + chunk)];
                if (shows(rest))
                {
                    events = rest;
                    shorter = true;
                }
                else
                {
                    start += chunk;
                }
            }

            if (runs >= MaxRuns || (chunk == 1 && !shorter))
            {
                return events;
            }
        }
    }

    private static bool Shows(Recording recording, IFold fold, string invariant, bool adapted) =>
        recording.Replay(fold, adapted) is { } violated && string.Equals(violated.Invariant, invariant, StringComparison.Ordinal);
}
