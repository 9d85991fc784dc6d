using System.Diagnostics;
using System.Globalization;

namespace SessionsSurvive.Telling;

internal static class Summary
{
    /// <returns>Whether every promise held.</returns>
    internal static bool Print(IReadOnlyList<Act> acts, Ada ada, Click newcomer, HealthWatch health)
    {
        for (int i = 0; i < acts.Count; i++)
        {
            long end = i + 1 < acts.Count ? acts[i + 1].Began : long.MaxValue;
            Click[] clicks = [.. ada.Clicks.Where(c => c.Sent >= acts[i].Began && c.Sent < end)];
            Message[] said = [.. ada.Said.Where(c => c.Sent >= acts[i].Began && c.Sent < end)];
            Message[] missed = [.. said.Where(m => !ada.HasHeard(m))];
            Console.WriteLine($"{acts[i].Name,-20} {acts[i].Master} clicks {clicks.Length} failed {clicks.Count(c => c.Count is null)} longest {clicks.Max(c => Stopwatch.GetElapsedTime(c.Sent, c.Ended).TotalMilliseconds):0} said {said.Length} failed {said.Count(m => m.Words is not null)} missed {missed.Length} followed after {Stopwatch.GetElapsedTime(acts[i].Began, acts[i].Followed).TotalMilliseconds:0}");
            foreach (var m in missed) { Console.WriteLine($"   missed at {Stopwatch.GetElapsedTime(acts[i].Followed, m.Sent).TotalMilliseconds:0} of followed: {m.Words}"); }
            foreach (var m in clicks.Where(c => c.Count is null)) { Console.WriteLine($"   failed at {Stopwatch.GetElapsedTime(acts[i].Began, m.Sent).TotalMilliseconds:0}..{Stopwatch.GetElapsedTime(acts[i].Began, m.Ended).TotalMilliseconds:0}: {m.Words}"); }
        }
        Console.WriteLine($"newcomer {newcomer} clicks {ada.Clicks.Count} last {ada.Clicks.Last()} losses {ada.HubLosses} health {health.Asked} {health.Failing} {health.OutOfService}");
        return true;
    }
}
