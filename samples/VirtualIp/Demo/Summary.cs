using System.Globalization;
using Failover.TestServers.Virtual;

namespace VirtualIp.Demo;

/// <summary>The end of the story: what the client has seen, what the apps tell, and whether each promise held.</summary>
internal sealed class Summary(AddressClient client, IReadOnlyList<Act> acts, Node a, Node b)
{
    private const int Moves = 4;

    /// <param name="end">When the last act ended.</param>
    /// <returns>Whether every promise held.</returns>
    internal async Task<bool> PrintAsync(TimeSpan end)
    {
        Line($"");
        Line($"{"",-28}{"held by",-9}{"longest gap",12}{"held by both",14}{"requests",10}{"under way",11}{"failed",8}");
        int requests = 0, failed = 0;
        for (int i = 0; i < acts.Count; i++)
        {
            AddressReport report = await client.ReportAsync(acts[i].Began, i + 1 < acts.Count ? acts[i + 1].Began : end);
            int others = report.FailedWithoutMove(acts[i].IsFault).Count;
            (requests, failed) = (requests + report.Calls, failed + others);
            Line($"{acts[i].Name,-28}{acts[i].Holder,-9}{report.Gap.TotalMilliseconds,9:N0} ms{report.HeldByBoth.TotalMilliseconds,11:N0} ms{report.Calls,10:N0}{report.Failed.Count - others,11}{others,8}");
        }

        Line($"Under way: lost when the address moved, or its holder failed. Failed: begun after the new holder had the address, or where nothing moved.");
        Line($"");
        foreach ((Node node, Told told) in new[] { a, b }.SelectMany(static node => node.Switchovers.Select(told => (node, told))))
        {
            Line($"{node.Name} tells  {told.Move}, {told.Outcome}{(told.Times.Length > 0 ? $"; {told.Times}" : "")}{(told.Evidence.Length > 0 ? $" ({told.Evidence})" : "")}");
        }

        Line($"");
        (bool Held, string Promise)[] promises = [.. Promises(requests, failed)];
        foreach ((bool held, string promise) in promises)
        {
            Line($"{(held ? "held  " : "BROKEN")} {promise}");
        }

        return Array.TrueForAll(promises, static promise => promise.Held);
    }

    private IEnumerable<(bool Held, string Promise)> Promises(int requests, int failed)
    {
        Act[] moved = [.. acts.Where(static act => act.Move is not null)];
        yield return (moved.Length == Moves, $"The other node answered after each failure and each move: {moved.Length} of {Moves}.");
        yield return (requests > 0 && failed == 0, string.Create(CultureInfo.InvariantCulture, $"No request failed but those under way when the address moved: {failed} of {requests:N0}."));
        string holder = Node.HolderAmong(a, b);
        yield return (holder == a.Name, $"In the end the preferred node has the address, alone: {holder}.");
        string[] told = [.. a.Switchovers.Where(static told => told.Outcome == "Completed").Select(static told => told.Move)];
        yield return (told.SequenceEqual(moved.Select(static act => act.Move!)), $"The app that lived through it all told each move once, and no other: {told.Length} switchovers.");
    }

    private static void Line(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
