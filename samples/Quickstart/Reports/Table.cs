using System.Globalization;

namespace Quickstart.Reports;

/// <summary>The report for people.</summary>
internal static class Table
{
    internal static IEnumerable<string> Of(Report report)
    {
        yield return "                                GETs                      POSTs                                     attempts on";
        yield return "phase                    s    sent  failed    slow    sent   done refused unknown doubled   primary secondary";
        foreach (PhaseReport row in report.Phases.Append(report.Total))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{row.Name,-20} {row.Seconds,5:0.0} {row.Gets,7:N0} {row.Failed,7} {row.Slow,7} {row.Posts,7:N0} {row.Done,6:N0} {row.Refused,7} {row.Unknown,7} {row.Doubled,7} {row.OnPrimary,9:N0} {row.OnSecondary,9:N0}");
        }

        yield return "";
        yield return "switchover                          detection    switch       RTO   because";
        foreach (SwitchoverReport s in report.Switchovers)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{s.Cause,-10}  {s.From,9} -> {s.To,-9} {Milliseconds(s.DetectionMilliseconds),11} {Milliseconds(s.SwitchMilliseconds),9} {Milliseconds(s.RecoveryMilliseconds),9}   {s.Evidence}").TrimEnd();
        }

        yield return "";
        foreach (FaultReport fault in report.Faults)
        {
            yield return Line(fault);
        }

        foreach (UnknownPost post in report.UnknownPosts)
        {
            yield return $"POST of order {post.Order} is unknown to its caller; the journals say: {post.Truth}.";
        }

        yield return "";
        foreach (Promise promise in report.Promises)
        {
            yield return $"{(promise.Held ? "held  " : "BROKEN")} {promise.Text}: {promise.Told}.";
        }
    }

    private static string Line(FaultReport fault) => fault.Fault switch
    {
        Fault.Killed => $"{fault.Phase}: {fault.InFlight} requests were in flight when it died ({fault.InFlightByJournal} of them in its own journal); {fault.Hits} more found it dead.",
        Fault.Frozen => $"{fault.Phase}: {fault.Hits} requests waited for it; {fault.SlowGets} GETs took more than 0.5 s, the slowest {Milliseconds(fault.SlowestGetMilliseconds)}; {fault.PostsOutlasting} POSTs waited until it was thawed, and were done.",
        _ => $"{fault.Phase}: it answered {fault.Hits} requests and {fault.Probes} probes with 503 (its own journal).",
    };

    internal static string Milliseconds(double? time) => time is { } t ? string.Create(CultureInfo.InvariantCulture, $"{t:N1} ms") : "-";
}
