namespace Failover.TestServers.Virtual;

/// <summary>What a client has seen of a change of who holds the address.</summary>
public sealed record AddressReport
{
    /// <summary>What the kernel tells is read a little later than it was so.</summary>
    private static readonly TimeSpan Reading = TimeSpan.FromMilliseconds(250);

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

    /// <summary>Gets when the address moved: from the first instant at which other than one node alone had it to the last, as their kernels say; also moves that calls met which had begun before the end of what is told here.</summary>
    public required IReadOnlyList<(TimeSpan From, TimeSpan To)> Moves { get; init; }

    private TimeSpan Until { get; init; }

    /// <summary>
    /// Returns the failed calls that no move explains. One that is under way when the address moves cannot move with it: the new holder does not know its connection. Who calls from then on is answered.
    /// </summary>
    /// <param name="isFault">Whether what is told here begins with a failure of the holder, so that calls may fail also before the address has left it.</param>
    public IReadOnlyList<AddressCall> FailedWithoutMove(bool isFault) =>
        [.. Failed.Where(call => !Moves.Any(move => call.Begun <= move.To && (call.Ended >= move.From - Reading || (isFault && move.To <= Until))))];

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
            Moves = site.MovesWithin(from, to + AddressClient.CallLimit),
            Until = to,
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
