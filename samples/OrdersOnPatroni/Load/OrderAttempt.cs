namespace OrdersOnPatroni.Load;

internal enum OrderEnd
{
    Accepted,

    /// <summary>Told that nothing was done.</summary>
    Refused,

    /// <summary>Told that it may have been taken, or not.</summary>
    Unknown,

    /// <summary>Anything else, an error of the database's for one.</summary>
    Error,
}

/// <summary>One POST and what its caller was told.</summary>
/// <param name="Number">The number of the order; each is sent once.</param>
/// <param name="Started">When it was sent, as of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="Ended">When its answer was there.</param>
/// <param name="End">What the answer was.</param>
/// <param name="Timeline">Which primary took it, if it was accepted.</param>
/// <param name="Words">What was said, if it was not.</param>
internal sealed record OrderAttempt(long Number, long Started, long Ended, OrderEnd End, int Timeline, string? Words);
