using System.Collections.Immutable;
using System.Net;

namespace Failover.DnsSwitching.Following;

/// <summary>Where a name leads, as far as its answers have proven. Decides only: nothing in it waits or asks.</summary>
internal sealed record NameState
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Gets where connections go; none before the first good answer.</summary>
    internal AddressSet Good { get; init; } = AddressSet.None;

    /// <summary>Gets another answer, which is not acted on yet; null if the last good one was as before.</summary>
    internal AddressSet? Other { get; private init; }

    /// <summary>Gets whether connecting to where the name leads has failed since it was last seen to lead there.</summary>
    internal bool HasFailed { get; private init; }

    /// <summary>Gets when connecting to addresses failed last; those of <see cref="Good"/> alone.</summary>
    internal ImmutableDictionary<IPAddress, TimeSpan> Failures { get; private init; } = ImmutableDictionary<IPAddress, TimeSpan>.Empty;

    /// <summary>Gets when connections were moved, within the last minute.</summary>
    internal ImmutableQueue<TimeSpan> Moves { get; private init; } = [];

    /// <summary>Takes an answer in.</summary>
    /// <param name="answer">The addresses; none if there was no answer.</param>
    /// <param name="at">The time, on a clock that only goes forward.</param>
    /// <param name="maxMoves">How many moves a minute there may be.</param>
    internal (NameState State, NameVerdict Verdict) Take(AddressSet answer, TimeSpan at, int maxMoves)
    {
        if (answer.Addresses.IsEmpty)
        {
            return (this, NameVerdict.Kept);
        }

        if (Good.Addresses.IsEmpty)
        {
            return (this with { Good = answer }, NameVerdict.First);
        }

        if (answer.Equals(Good))
        {
            return (this with { Good = answer, Other = null, HasFailed = false }, NameVerdict.Same);
        }

        if (!HasFailed && !answer.Equals(Other))
        {
            return (this with { Other = answer }, Other is null ? NameVerdict.Unconfirmed : NameVerdict.Unsteady);
        }

        ImmutableQueue<TimeSpan> moves = Moves;
        while (!moves.IsEmpty && at - moves.Peek() >= Minute)
        {
            moves = moves.Dequeue();
        }

        return moves.Count() >= maxMoves
            ? (this with { Other = answer, Moves = moves }, NameVerdict.Capped)
            : (new NameState { Good = answer, Moves = moves.Enqueue(at), Failures = Failures.RemoveRange(Failures.Keys.Where(address => !answer.Contains(address))) }, NameVerdict.Moved);
    }

    /// <summary>Takes in that connecting to where the name leads failed.</summary>
    /// <param name="address">The address; null if that is not known.</param>
    /// <param name="at">The time.</param>
    internal NameState Failed(IPAddress? address, TimeSpan at) => this with { HasFailed = true, Failures = address is not null && Good.Contains(address) ? Failures.SetItem(address, at) : Failures };

    /// <summary>
    /// Returns what to connect to, in this order: where the name leads, first what has not failed within a minute, then what failed longest ago; and then, if none of that can be had, where it may lead by now.
    /// </summary>
    /// <param name="at">The time.</param>
    internal ImmutableArray<IPAddress> Candidates(TimeSpan at) =>
    [
        .. Good.Addresses.OrderBy(address => Failures.TryGetValue(address, out TimeSpan failed) && at - failed < Minute ? failed : TimeSpan.MinValue).Union(Other?.Addresses ?? []),
    ];
}
