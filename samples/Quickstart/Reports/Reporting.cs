using System.Globalization;
using System.Runtime.InteropServices;
using Failover;
using Quickstart.Load;
using Quickstart.Servers;

namespace Quickstart.Reports;

/// <summary>Facts in, report out.</summary>
internal static class Reporting
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(0.5);

    internal static Report Of(Facts facts)
    {
        Dictionary<int, int> onPrimary = Count(facts.PrimaryJournal);
        Dictionary<int, int> onSecondary = Count(facts.SecondaryJournal);
        int Executed(Call call) => onPrimary.GetValueOrDefault(call.Order) + onSecondary.GetValueOrDefault(call.Order);

        PhaseReport Row(string name, double seconds, Func<int, bool> isIn)
        {
            List<Call> calls = [.. facts.Calls.Where(c => isIn(c.Phase))];
            List<Call> posts = [.. calls.Where(c => c.IsPost)];
            List<Attempt> attempts = [.. facts.Attempts.Where(a => isIn(a.Phase))];
            int primary = attempts.Count(a => a.Authority == facts.PrimaryAuthority);
            return new(
                name, seconds,
                Gets: calls.Count - posts.Count,
                Failed: calls.Count(c => !c.IsPost && c.End != CallEnd.Done),
                Slow: calls.Count(c => c.Duration > Slow),
                Posts: posts.Count,
                Done: posts.Count(c => c.End == CallEnd.Done),
                Refused: posts.Count(c => c.End == CallEnd.Refused),
                Unknown: posts.Count(c => c.End == CallEnd.Unknown),
                Doubled: posts.Count(c => Executed(c) > 1),
                OnPrimary: primary,
                OnSecondary: attempts.Count - primary);
        }

        double duration = Seconds(facts.Phases[^1].Ended - facts.Phases[0].Began);
        PhaseReport total = Row("total", duration, _ => true);
        List<Call> allPosts = [.. facts.Calls.Where(c => c.IsPost)];
        List<Call> unknown = [.. allPosts.Where(c => c.End == CallEnd.Unknown)];
        return new()
        {
            Seconds = duration,
            Processors = Environment.ProcessorCount,
            System = string.Create(CultureInfo.InvariantCulture, $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}"),
            Phases = [.. facts.Phases.Select((p, i) => Row(p.Name, Seconds(p.Ended - p.Began), phase => phase == i))],
            Total = total,
            Switchovers = [.. facts.Switchovers.Select(s => Told(s.Switchover))],
            Faults = Faults(facts),
            UnknownPosts = [.. unknown.Select(c => new UnknownPost(c.Order, c.Reason ?? "", Truth(onPrimary.GetValueOrDefault(c.Order), onSecondary.GetValueOrDefault(c.Order))))],
            Promises =
            [
                NoGetFailed(total, facts.Calls),
                EveryPostEndedOnce(total, allPosts, Executed),
                new("No POST was executed twice", total.Doubled == 0, $"{total.Doubled} doubled, by the servers' own journals"),
                UnknownOnlyAtAKill(facts, unknown),
                EachFaultWasSurvived(facts),
                FlappingMovedOnce(facts),
            ],
        };
    }

    private static Promise NoGetFailed(PhaseReport total, IEnumerable<Call> calls)
    {
        string? reason = calls.FirstOrDefault(c => !c.IsPost && c.End != CallEnd.Done)?.Reason;
        return new("No GET failed", total.Failed == 0, string.Create(CultureInfo.InvariantCulture, $"{total.Gets - total.Failed:N0} of {total.Gets:N0} answered{(reason is null ? "" : $"; the first failure: {reason}")}"));
    }

    /// <summary>Done means executed once, refused means never executed; of the unknown ones nothing is said.</summary>
    private static Promise EveryPostEndedOnce(PhaseReport total, List<Call> posts, Func<Call, int> executed)
    {
        int liars = posts.Count(c => c.End == CallEnd.Done ? executed(c) != 1 : c.End == CallEnd.Refused && executed(c) != 0);
        int sum = total.Done + total.Refused + total.Unknown;
        return new(
            "Every POST ended once, as done, refused or unknown",
            sum == total.Posts && liars == 0,
            string.Create(CultureInfo.InvariantCulture, $"{total.Posts:N0} sent = {total.Done:N0} done + {total.Refused} refused + {total.Unknown} unknown{(sum == total.Posts ? "" : $" + {total.Posts - sum} ended otherwise")}; {liars} contradicted by the journals"));
    }

    private static Promise UnknownOnlyAtAKill(Facts facts, List<Call> unknown)
    {
        int elsewhere = unknown.Count(c => !facts.Phases.Any(p => p.Fault == Fault.Killed && c.Due <= p.FaultComplete && c.Ended >= p.Began));
        return new("Only POSTs in flight at a kill are unknown", elsewhere == 0, $"{unknown.Count - elsewhere} in flight at a kill, {elsewhere} at another time");
    }

    private static Promise EachFaultWasSurvived(Facts facts)
    {
        int faults = facts.Phases.Count(p => p.Fault != Fault.None);
        int failovers = facts.Switchovers.Count(s => s.Switchover.Cause == SwitchoverCause.Failover);
        int switchbacks = facts.Switchovers.Count(s => s.Switchover.Cause == SwitchoverCause.Switchback);
        return new(
            "One failover for each fault, one switchback after it",
            failovers == faults && switchbacks == faults && facts.Switchovers.Count == 2 * faults,
            $"{faults} faults, {failovers} failovers, {switchbacks} switchbacks");
    }

    /// <summary>Each time that it is up is shorter than what the group asks for before it goes back, and each time that it is down is seen by a probe.</summary>
    private static Promise FlappingMovedOnce(Facts facts)
    {
        int flapping = facts.Phases.ToList().FindIndex(p => p.Fault == Fault.Flapping);
        int moves = facts.Switchovers.Count(s => s.Phase == flapping);
        return new("A primary that flaps moves the group once", moves == 1, $"{SpansIn(facts, flapping).Count} times down and up, {moves} {(moves == 1 ? "switchover" : "switchovers")}");
    }

    private static List<FaultReport> Faults(Facts facts)
    {
        List<FaultReport> faults = [];
        for (int i = 0; i < facts.Phases.Count; i++)
        {
            PhaseTime phase = facts.Phases[i];
            if (phase.Fault != Fault.None)
            {
                faults.Add(Told(facts, i, phase));
            }
        }

        return faults;
    }

    private static FaultReport Told(Facts facts, int index, PhaseTime phase)
    {
        List<Call> gets = [.. facts.Calls.Where(c => !c.IsPost && c.Due <= phase.Ended && c.Ended >= phase.Began)];
        var report = new FaultReport(
            phase.Name, phase.Fault, InFlight: 0, InFlightByJournal: 0, Hits: 0, Probes: null,
            SlowGets: gets.Count(c => c.Duration > Slow),
            SlowestGetMilliseconds: gets.Select(c => c.Duration).DefaultIfEmpty().Max().TotalMilliseconds,
            PostsOutlasting: 0);
        List<JournalSpan> spans = SpansIn(facts, index);
        List<Attempt> onPrimary = [.. facts.Attempts.Where(a => a.Authority == facts.PrimaryAuthority && a.Phase <= index && a.Ended >= phase.Began)];
        switch (phase.Fault)
        {
            case Fault.Killed:
                // A process that is killed takes its time to go: until then its sockets are open, and nobody reads them any more. All that waits there is lost at one moment.
                List<Attempt> lost = [.. onPrimary.Where(a => !a.Answered)];
                TimeSpan gone = lost.Select(a => a.Ended).Append(phase.FaultComplete).Min();
                int inFlight = lost.Count(a => a.Sent < gone);
                return report with { InFlight = inFlight, InFlightByJournal = spans[0].Unanswered, Hits = lost.Count - inFlight };
            case Fault.Frozen:
                int outlasting = facts.Calls.Count(c => c.IsPost && c.Due <= phase.Ended && c.Ended > phase.Ended && c.End == CallEnd.Done);
                return report with { Hits = onPrimary.Count(a => a.Ended > phase.FaultComplete), PostsOutlasting = outlasting };
            default:
                return report with { Hits = spans.Sum(s => s.Requests), Probes = spans.Sum(s => s.Probes) };
        }
    }

    /// <summary>What the primary wrote down in a phase with a fault. Its journal bears no times: the spans come in the order of the phases.</summary>
    private static List<JournalSpan> SpansIn(Facts facts, int index)
    {
        IReadOnlyList<JournalSpan> spans = facts.PrimaryJournal.Spans;
        List<JournalSpan> found = [];
        int place = 0;
        foreach (PhaseTime phase in facts.Phases.Take(index + 1))
        {
            found = [];
            switch (phase.Fault)
            {
                case Fault.Killed:
                    // The life that was ended here is the one before the next start.
                    place = Next(spans, place + 1, "started");
                    found.Add(spans[place - 1]);
                    break;
                case Fault.Refusing:
                    place = Next(spans, place + 1, "refusing");
                    found.Add(spans[place]);
                    break;
                case Fault.Flapping:
                    found.AddRange(spans.Skip(place + 1).Where(s => s.Kind == "refusing"));
                    place = spans.Count - 1;
                    break;
            }
        }

        return found;
    }

    private static int Next(IReadOnlyList<JournalSpan> spans, int from, string kind)
    {
        for (int i = from; i < spans.Count; i++)
        {
            if (spans[i].Kind == kind)
            {
                return i;
            }
        }

        throw new InvalidOperationException($"The primary's journal tells of no further '{kind}'.");
    }

    private static SwitchoverReport Told(Switchover s) =>
        new(s.Cause.ToString(), s.From?.Name, s.To.Name, s.Evidence, s.DetectionTime?.TotalMilliseconds, s.SwitchTime?.TotalMilliseconds, s.RecoveryTime?.TotalMilliseconds);

    private static string Truth(int onPrimary, int onSecondary) => (onPrimary, onSecondary) switch
    {
        (0, 0) => "not executed",
        (1, 0) => "executed by the primary, which died before it could say so",
        (0, 1) => "executed by the secondary",
        _ => "executed more than once",
    };

    private static Dictionary<int, int> Count(JournalReading journal) => journal.Executed.CountBy(order => order).ToDictionary();

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 1);
}
