using System.Diagnostics;
using Failover.Scenarios.Clients;
using Failover.Scenarios.Postgres.Clients;
using Failover.Scenarios.Reports;
using Failover.TestServers.Patroni;
using Failover.TestServers.Writes;
using Npgsql;

namespace Failover.Scenarios.Postgres;

/// <summary>Clients that write into one cluster at the same time, a row each 10 ms and one at a time each, and the oracle beside them.</summary>
internal sealed class ClusterRun : IAsyncDisposable
{
    /// <summary>How far the numbers of one client's rows are from the next one's.</summary>
    private const long Apart = 100_000_000;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the last writes may take before their client is left alone.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly List<Writing> _all = [];

    private ClusterRun(PatroniCluster cluster, PatroniNode primary, int timeline) => (Cluster, Primary, Timeline, Oracle) = (cluster, primary, timeline, Oracle.Start(cluster.Nodes));

    internal PatroniCluster Cluster { get; }

    /// <summary>The primary at the start.</summary>
    internal PatroniNode Primary { get; }

    /// <summary>Its timeline.</summary>
    internal int Timeline { get; }

    internal Oracle Oracle { get; }

    /// <summary>Makes the table anew, and the clients, and lets them write.</summary>
    internal static async Task<ClusterRun> StartAsync(Stage stage, IEnumerable<ClusterClientKind> kinds)
    {
        PatroniNode primary = await stage.Cluster.WaitForPrimaryAsync();
        await WritesTable.CreateAsync(primary);
        ClusterRun run = new(stage.Cluster, primary, (await primary.StateAsync())!.Timeline);
        try
        {
            foreach (ClusterClientKind kind in kinds)
            {
                ClusterClient client = kind.Create(stage.Cluster.ConnectionString, stage.Proxy.ConnectionString);
                run._all.Add(new Writing(kind, client, run._all.Count * Apart));
                await client.WarmAsync();
            }

            run._all.ForEach(static writing => writing.Start());
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until each client has had a write on a timeline after the first, or until the limit.</summary>
    internal async Task WaitForAllToFollowAsync(TimeSpan limit)
    {
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < limit && !_all.TrueForAll(writing => writing.Writer.Attempts.Any(attempt => attempt.Timeline > Timeline)))
        {
            await Task.Delay(Pace);
        }
    }

    /// <summary>Stops the clients and judges each of them.</summary>
    /// <param name="fault">What happened.</param>
    /// <param name="number">The number of the run.</param>
    /// <param name="begun">When the fault began.</param>
    internal async Task<IReadOnlyList<PostgresRow>> EndAsync(string fault, int number, long begun)
    {
        IReadOnlyList<RowAttempt>[] attempts = await Task.WhenAll(_all.Select(static writing => writing.Writer.StopAsync(Patience)));
        IReadOnlyList<OracleWrites> seen = Oracle.Seen;

        // Judged together: what one client has seen of a timeline says what another could have.
        WriteReport report = await WriteAudit.ReadAsync(await Cluster.WaitForPrimaryAsync(), [.. attempts.SelectMany(static each => each)], seen);
        return [.. _all.Select((writing, i) => RowOf(writing, attempts[i], seen, report, fault, number, begun))];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Writing writing in _all)
        {
            await writing.DisposeAsync();
        }

        await Oracle.DisposeAsync();
    }

    private static PostgresRow RowOf(Writing writing, IReadOnlyList<RowAttempt> attempts, IReadOnlyList<OracleWrites> seen, WriteReport report, string fault, int number, long begun)
    {
        WriteTimes times = WriteTimes.Of(attempts, seen, begun);
        int Mine(IReadOnlyList<RowAttempt> rows) => rows.Count(row => writing.Wrote(row.Id));
        return new()
        {
            Fault = fault,
            Client = writing.Kind.Name,
            Run = number,
            DetectMs = Ms(times.Detect),
            FollowMs = Ms(times.Follow),
            Failed = times.Failed,
            SlowestMs = Ms(times.Slowest)!.Value,
            Lost = Mine(report.Lost),
            AsyncLost = Mine(report.AsyncLost),
            Doubled = report.Doubled.Count(writing.Wrote),
            Stale = Mine(report.Stale),
            Details = new()
            {
                SteadyMs = Numbers.Median([.. attempts.Where(attempt => attempt.Ended < begun && attempt.Outcome == RowOutcome.Acknowledged).Select(static attempt => Stopwatch.GetElapsedTime(attempt.Started, attempt.Ended).TotalMilliseconds)]),
                ReadOnlyErrors = attempts.Count(static attempt => attempt.Error?.EndsWith(PostgresErrorCodes.ReadOnlySqlTransaction, StringComparison.Ordinal) == true),
                FailedButWritten = Mine(report.FailedButWritten),
                SuspicionMs = Ms(writing.Watch?.UnsettledAfter(begun)),
                SettledMs = seen.FirstOrDefault(writes => writes.First >= begun) is { } next ? Ms(writing.Watch?.SettledAfter(next.First, begun)) : null,
                Switchovers = writing.Watch?.Switchovers,
                Promotions = seen.Select(static writes => writes.Timeline).Distinct().Count() - 1,
                Errors = attempts.Where(attempt => attempt.Error is not null && attempt.Ended >= begun).CountBy(static attempt => attempt.Error!).ToDictionary(),
            },
        };
    }

    private static double? Ms(TimeSpan? time) => time is { } length ? Math.Round(length.TotalMilliseconds, 1) : null;

    /// <summary>A client, and who makes it write.</summary>
    private sealed class Writing(ClusterClientKind kind, ClusterClient client, long after) : IAsyncDisposable
    {
        private RowWriter? _writer;

        internal ClusterClientKind Kind => kind;

        internal GroupWatch? Watch { get; } = client.Group is { } group ? new GroupWatch(group) : null;

        internal RowWriter Writer => _writer!;

        internal void Start() => _writer = RowWriter.Start(client.WriteAsync, client.OutcomeOf, tasks: 1, after);

        internal bool Wrote(long id) => id > after && id <= after + Apart;

        public async ValueTask DisposeAsync()
        {
            if (_writer is not null)
            {
                await _writer.DisposeAsync();
            }

            if (Watch is not null)
            {
                await Watch.DisposeAsync();
            }

            await client.DisposeAsync();
        }
    }
}
