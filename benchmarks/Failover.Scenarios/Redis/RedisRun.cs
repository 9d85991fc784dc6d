using System.Diagnostics;
using Failover.Scenarios.Clients;
using Failover.Scenarios.Redis.Clients;
using Failover.TestServers.Sentinel;
using Failover.TestServers.Writes;
using Failover.TestServers.Writes.Redis;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.Scenarios.Redis;

/// <summary>Clients that write into one set at the same time, a key of its own each 10 ms each, and beside them the oracle and who listens to the sentinels.</summary>
internal sealed class RedisRun : IAsyncDisposable
{
    /// <summary>How far the numbers of one client's rows are from the next one's.</summary>
    private const long Apart = 100_000_000;

    /// <summary>More than fall due in the time that a client keeps one: one that waits keeps no other from coming.</summary>
    private const int AtOnce = 2_000;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan PaceOfHealth = TimeSpan.FromSeconds(1);

    /// <summary>How long the last writes may take: all clients' own limits are below.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    private readonly List<Writing> _all = [];
    private readonly SentinelEvents _events;

    private RedisRun(SentinelSet set, RedisNode master, SentinelEvents events) => (Set, Master, _events, Oracle) = (set, master, events, RedisOracle.Start(set.Nodes));

    internal SentinelSet Set { get; }

    /// <summary>The master at the start.</summary>
    internal RedisNode Master { get; }

    internal RedisOracle Oracle { get; }

    /// <summary>Empties the set, makes the clients and lets them write.</summary>
    internal static async Task<RedisRun> StartAsync(RedisStage stage, IEnumerable<RedisClientKind> kinds)
    {
        RedisNode master = await stage.Set.WaitForHealthAsync();
        await master.AskAsync("FLUSHALL");
        RedisRun run = new(stage.Set, master, await SentinelEvents.ListenAsync(stage.Set.Sentinels));
        try
        {
            foreach (RedisClientKind kind in kinds)
            {
                Writing writing = new(kind, await kind.CreateAsync(stage.Set), run._all.Count * Apart);
                run._all.Add(writing);
                writing.Before = await writing.CheckAsync();
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

    /// <summary>Gets what the sentinels have said of a failover since a moment.</summary>
    internal Announcements Since(long moment) => Announcements.Of(_events.Seen, Set.Sentinels.Count, moment);

    /// <summary>What the sentinels have said since a moment, for people.</summary>
    internal string StorySince(long moment) => string.Join("; ", _events.Seen.Where(one => one.At >= moment).Select(one => $"{Stopwatch.GetElapsedTime(moment, one.At).TotalSeconds:0.0} s {one.Sentinel.Name} {one.Channel} {one.Message}"));

    /// <summary>Waits until something is so, or until the limit. It looks rarely: the clients are being measured.</summary>
    internal static async Task<bool> WaitAsync(Func<Task<bool>> isSo, TimeSpan limit)
    {
        long began = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            if (Stopwatch.GetElapsedTime(began) >= limit)
            {
                return false;
            }

            await Task.Delay(Pace);
        }

        return true;
    }

    /// <summary>Waits until each client has had a write acknowledged that was asked for after a moment, or until the limit.</summary>
    internal Task<bool> WaitForAllToWriteAsync(long after, TimeSpan limit) =>
        WaitAsync(() => Task.FromResult(_all.TrueForAll(writing => writing.Writer.Attempts.Any(attempt => attempt.Started > after && attempt.Outcome == RowOutcome.Acknowledged))), limit);

    /// <summary>Looks at the health of our clients once a second for a while.</summary>
    internal Task WatchHealthAsync(TimeSpan length) => Task.WhenAll(_all.Where(static writing => writing.Before is not null).Select(async writing =>
    {
        long began = Stopwatch.GetTimestamp();
        using PeriodicTimer pace = new(PaceOfHealth);
        while (await pace.WaitForNextTickAsync() && Stopwatch.GetElapsedTime(began) < length)
        {
            writing.Looks.Add((await writing.CheckAsync())!);
        }
    }));

    /// <summary>Stops the clients and judges each of them.</summary>
    /// <param name="fault">What happened.</param>
    /// <param name="number">The number of the run.</param>
    /// <param name="begun">When the fault began.</param>
    internal async Task<IReadOnlyList<RedisRow>> EndAsync(string fault, int number, long begun)
    {
        HealthReport?[] after = await Task.WhenAll(_all.Select(static writing => writing.CheckAsync()));
        IReadOnlyList<RowAttempt>[] attempts = await Task.WhenAll(_all.Select(static writing => writing.Writer.StopAsync(Patience)));
        Announcements said = Since(begun);

        // Judged together: what one client's row says of a reign holds for another's.
        AuditedWrites audited = await RedisWriteAudit.ReadAsync(await MasterAsync(), [.. attempts.SelectMany(static each => each)], Oracle.Seen);
        return [.. _all.Select((writing, i) => RowOf(writing, after[i], audited, said, fault, number, begun))];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Writing writing in _all)
        {
            await writing.DisposeAsync();
        }

        await Oracle.DisposeAsync();
        await _events.DisposeAsync();
    }

    /// <summary>Where most sentinels are down, the one at the start stays the master.</summary>
    private async Task<RedisNode> MasterAsync() => Set.Sentinels.Count(static sentinel => sentinel.IsRunning) > Set.Sentinels.Count / 2 ? await Set.WaitForMasterAsync() : Master;

    private static RedisRow RowOf(Writing writing, HealthReport? after, AuditedWrites audited, Announcements said, string fault, int number, long begun)
    {
        WriteReport report = audited.Report;
        List<RowAttempt> attempts = [.. audited.Attempts.Where(attempt => writing.Wrote(attempt.Id))];
        HashSet<long> missing = [.. report.Lost.Concat(report.AsyncLost).Concat(report.Stale).Select(static attempt => attempt.Id)];
        List<RowAttempt> kept = [.. attempts.Where(attempt => !missing.Contains(attempt.Id))];
        WriteTimes times = WriteTimes.Of(attempts, audited.Seen, begun);
        int Mine(IReadOnlyList<RowAttempt> rows) => rows.Count(row => writing.Wrote(row.Id));
        int stale = Mine(report.Stale);
        HealthReport? worst = writing.Looks.MinBy(static look => look.Status);
        int last = audited.Seen.Count == 0 ? 0 : audited.Seen.Max(static writes => writes.Timeline);
        RowAttempt? first = said.Switched is { } switched
            ? kept.Where(attempt => attempt.Outcome == RowOutcome.Acknowledged && attempt.Timeline == last && attempt.Ended >= switched).MinBy(static attempt => attempt.Ended)
            : null;
        return new()
        {
            Fault = fault,
            Client = writing.Kind.Name,
            Run = number,
            Acked = attempts.Count(static attempt => attempt.Outcome == RowOutcome.Acknowledged),
            Lost = Mine(report.Lost) + stale,
            AsyncLost = Mine(report.AsyncLost),
            Unknown = attempts.Count(static attempt => attempt.Outcome == RowOutcome.Unknown),
            Failed = attempts.Count(static attempt => attempt.Outcome == RowOutcome.Failed),
            GapMs = Ms(times.Gap)!.Value,
            FollowMs = first is null ? null : Ms(Stopwatch.GetElapsedTime(said.Switched!.Value, first.Ended)),
            Stale = stale,
            KeptGapMs = Ms(WriteTimes.Of(kept, audited.Seen, begun).Gap)!.Value,
            OracleFollowMs = Ms(times.Follow),
            SwitchMs = said is { Tried: { } tried, Switched: { } done } ? Ms(Stopwatch.GetElapsedTime(tried, done)) : null,
            AcceptMs = said.Tried is { } began && audited.Seen.FirstOrDefault(writes => writes.First >= began) is { } next ? Ms(Stopwatch.GetElapsedTime(began, next.First)) : null,
            Details = new()
            {
                Doubled = report.Doubled.Count(writing.Wrote),
                FailedButWritten = Mine(report.FailedButWritten),
                Switchovers = writing.Watch?.Switchovers,
                Promotions = Math.Max(0, audited.Seen.Count - 1),
                SuspicionMs = Ms(writing.Watch?.UnsettledAfter(begun)),
                HealthBefore = writing.Before?.Status,
                HealthWorst = worst?.Status,
                HealthLooks = writing.Looks.Count,
                HealthAfter = after?.Status,
                HealthWords = string.Join(" / ", new[] { after, worst }.Select(static report => report?.Entries.Values.Single().Description).Where(static words => words is not null).Distinct()),
                Errors = attempts.Where(static attempt => attempt.Error is not null).CountBy(static attempt => $"{attempt.Error} ({attempt.Outcome})").ToDictionary(),
            },
        };
    }

    private static double? Ms(TimeSpan? time) => time is { } length ? Math.Round(length.TotalMilliseconds, 1) : null;

    /// <summary>A client, and who makes it write.</summary>
    private sealed class Writing(RedisClientKind kind, RedisClient client, long after) : IAsyncDisposable
    {
        private RowWriter? _writer;

        internal RedisClientKind Kind => kind;

        internal GroupWatch? Watch { get; } = client.Group is { } group ? new GroupWatch(group) : null;

        internal RowWriter Writer => _writer!;

        /// <summary>What the health checks said at the start.</summary>
        internal HealthReport? Before { get; set; }

        /// <summary>What they said meanwhile, if they were looked at.</summary>
        internal List<HealthReport> Looks { get; } = [];

        internal void Start() => _writer = RowWriter.Start((id, _) => client.WriteAsync(id), RedisClient.OutcomeOf, AtOnce, after);

        internal bool Wrote(long id) => id > after && id <= after + Apart;

        internal async Task<HealthReport?> CheckAsync() => client.Checks is { } checks ? await checks.CheckHealthAsync() : null;

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
