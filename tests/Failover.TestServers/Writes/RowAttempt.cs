namespace Failover.TestServers.Writes;

/// <summary>One row that a client was given to write.</summary>
/// <param name="Id">The number of the row, given once.</param>
/// <param name="Started">When the client was called: a timestamp of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="Ended">When it returned.</param>
/// <param name="Outcome">What it said.</param>
/// <param name="Timeline">The timeline that took the row, of rows acknowledged by a client that tells; else null.</param>
/// <param name="Error">The type of what it threw, and the SQLSTATE if there was one: <c>PostgresException 25006</c>.</param>
public sealed record RowAttempt(long Id, long Started, long Ended, RowOutcome Outcome, int? Timeline, string? Error);
