namespace Failover.TestServers.Virtual;

/// <summary>What a client has seen of a change of who holds the address.</summary>
public sealed record AddressReport
{
    /// <summary>Gets how many calls were begun.</summary>
    public required int Calls { get; init; }

    /// <summary>Gets those that nobody answered.</summary>
    public required IReadOnlyList<AddressCall> Failed { get; init; }

    /// <summary>Gets how many calls, of those that were begun one after the other, nobody answered at most.</summary>
    public required int FailedInARow { get; init; }

    /// <summary>Gets the longest time without an answer, from the last before the fault on.</summary>
    public required TimeSpan Gap { get; init; }

    /// <summary>Gets how many calls each node answered.</summary>
    public required IReadOnlyDictionary<string, int> Answers { get; init; }

    /// <summary>Gets for how long both nodes had the address.</summary>
    public required TimeSpan HeldByBoth { get; init; }

    internal static AddressReport Of(VirtualSite site, IReadOnlyList<AddressCall> calls, TimeSpan from, TimeSpan to)
    {
        AddressCall[] begun = [.. calls.Where(call => call.Begun >= from && call.Begun <= to)];
        TimeSpan[] answers = [.. calls.Where(static call => call.Node is not null).Select(static call => call.Ended).Order()];
        TimeSpan before = answers.LastOrDefault(at => at <= from, from);
        TimeSpan gap = TimeSpan.Zero;
        foreach (TimeSpan at in answers.Where(at => at > before && at <= to).Append(to))
        {
            (gap, before) = (at - before > gap ? at - before : gap, at);
        }

        return new()
        {
            Calls = begun.Length,
            Failed = [.. begun.Where(static call => call.Failure is not null)],
            FailedInARow = InARow(begun),
            Gap = gap,
            Answers = begun.Where(static call => call.Node is not null).CountBy(static call => call.Node!).ToDictionary(),
            HeldByBoth = site.HeldByBothWithin(from, to),
        };
    }

    private static int InARow(IEnumerable<AddressCall> calls)
    {
        (int most, int row) = (0, 0);
        foreach (AddressCall call in calls.OrderBy(static call => call.Begun))
        {
            row = call.Failure is null ? 0 : row + 1;
            most = Math.Max(most, row);
        }

        return most;
    }
}
