using Failover.TestServers.Patroni;
using Npgsql;
using OrdersOnPatroni.Load;

namespace OrdersOnPatroni.Reports;

/// <summary>What callers were told, held against what the new primary has.</summary>
internal sealed class Audit
{
    private readonly ILookup<long, int> _rows;

    private Audit(IReadOnlyList<OrderAttempt> attempts, ILookup<long, int> rows)
    {
        (Attempts, _rows) = (attempts, rows);
        Accepted = Of(OrderEnd.Accepted);
        Missing = [.. Accepted.Where(order => !IsThere(order))];
        Doubled = [.. rows.Where(static row => row.Count() > 1).Select(static row => row.Key)];
        RefusedAndTaken = [.. Of(OrderEnd.Refused).Where(IsThere)];
        Stale = [.. Accepted.Where(order => Accepted.Any(later => later.Timeline > order.Timeline && later.Ended < order.Started))];
    }

    internal IReadOnlyList<OrderAttempt> Attempts { get; }

    internal IReadOnlyList<OrderAttempt> Accepted { get; }

    /// <summary>Accepted, and not there.</summary>
    internal IReadOnlyList<OrderAttempt> Missing { get; }

    internal IReadOnlyList<long> Doubled { get; }

    internal IReadOnlyList<OrderAttempt> RefusedAndTaken { get; }

    /// <summary>Accepted by an old primary when it was known that there is a new one.</summary>
    internal IReadOnlyList<OrderAttempt> Stale { get; }

    internal static async Task<Audit> ReadAsync(PatroniNode primary, IReadOnlyList<OrderAttempt> attempts)
    {
        await using NpgsqlConnection connection = new(primary.ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new("select number, timeline from orders", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<(long Number, int Timeline)> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add((reader.GetInt64(0), reader.GetInt32(1)));
        }

        return new(attempts, rows.ToLookup(static row => row.Number, static row => row.Timeline));
    }

    internal IReadOnlyList<OrderAttempt> Of(OrderEnd end) => [.. Attempts.Where(attempt => attempt.End == end)];

    internal bool IsThere(OrderAttempt order) => _rows.Contains(order.Number);

    /// <summary>
    /// Whether an accepted order is missing because replication is asynchronous: it stood at the end of the log of the primary that crashed, the first one, behind all that the next one had got. Then nothing of that primary's is there that was sent after it was accepted.
    /// </summary>
    internal bool IsAsyncLoss(OrderAttempt missing) =>
        missing.Timeline == Accepted.Min(static order => order.Timeline)
        && !Accepted.Any(order => order.Timeline == missing.Timeline && order.Started > missing.Ended && IsThere(order));
}
