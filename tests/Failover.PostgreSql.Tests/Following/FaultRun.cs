using Failover.TestServers.Servers;
using Failover.TestServers.Writes;
using Npgsql;

namespace Failover.PostgreSql.Tests.Following;

/// <summary>A client of ours that writes rows while something happens to the cluster, and what became of each row.</summary>
internal sealed class FaultRun : IAsyncDisposable
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    internal static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(1);

    private static readonly string[] OurWords = [nameof(NotExecutedException), nameof(OutcomeUnknownException), nameof(PrimaryUnavailableException)];

    private readonly Oracle _oracle;

    private FaultRun(FailoverDataSource source, RowWriter writer, Oracle oracle) => (Source, Writer, _oracle) = (source, writer, oracle);

    internal FailoverDataSource Source { get; }

    internal FailoverGroup Group => Source.Group;

    internal RowWriter Writer { get; }

    /// <summary>Begins to write to a healthy cluster, and waits until rows are acknowledged.</summary>
    internal static async Task<FaultRun> BeginAsync(string connectionString, PostgreSqlNode primary, IEnumerable<PostgreSqlNode> nodes, Action<FailoverDataSourceBuilder>? configure = null)
    {
        await WritesTable.CreateAsync(primary);
        FailoverDataSourceBuilder builder = new("db", connectionString);
        configure?.Invoke(builder);
        FailoverDataSource source = builder.Build();
        ExecuteOptions options = new() { Timeout = CallTimeout };
        RowWriter writer = RowWriter.Start(
            (id, cancellationToken) => source.ExecuteAsync((connection, token) => WritesTable.InsertAsync(connection, id, token), options, cancellationToken),
            static exception => exception is OutcomeUnknownException ? RowOutcome.Unknown : RowOutcome.Failed);
        FaultRun run = new(source, writer, Oracle.Start(nodes));
        await run.AcknowledgedAsync(20);
        return run;
    }

    /// <summary>Waits until so many more rows are acknowledged.</summary>
    internal Task AcknowledgedAsync(int more)
    {
        int wanted = Acknowledged() + more;
        return UntilAsync(_ => Acknowledged() >= wanted, $"{more} more rows are acknowledged");
    }

    /// <summary>Waits until a row is acknowledged by a timeline above this one.</summary>
    internal Task<RowAttempt> FollowedAsync(int timeline) => Writer.WaitAsync(attempt => attempt.Timeline > timeline, Limit);

    internal Task<OracleWrites> TakenAsync(int timeline) => _oracle.WaitForTimelineAboveAsync(timeline, Limit);

    /// <summary>Waits until the group stands as asked for.</summary>
    internal async Task UntilAsync(Func<GroupSnapshot, bool> isSo, string what)
    {
        using CancellationTokenSource end = new(Limit);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(5));
        while (!isSo(Group.Snapshot))
        {
            Assert.True(await look.WaitForNextTickAsync(end.Token).AsTask().ContinueWith(static task => task.IsCompletedSuccessfully, TaskScheduler.Default), $"Not in time: {what}; {Group.Snapshot.Condition}, {Group.Snapshot.Reason}");
        }
    }

    /// <summary>Ends the writing, and holds what the client said against what the primary has: nothing acknowledged is lost but what asynchronous replication loses, nothing is doubled, nothing was taken by an old timeline, and what was told as not done was not done.</summary>
    internal async Task<WriteReport> JudgeAsync(PostgreSqlNode primary)
    {
        IReadOnlyList<RowAttempt> attempts = await Writer.StopAsync(CallTimeout * 2);
        WriteReport report = await WriteAudit.ReadAsync(primary, attempts, _oracle.Seen);
        Assert.True(report is { Lost.Count: 0, Stale.Count: 0, Doubled.Count: 0, FailedButWritten.Count: 0 }, report.ToString());

        // Callers see nothing but our own words.
        Assert.DoesNotContain(attempts, attempt => attempt.Error is { } error && !OurWords.Any(word => error.StartsWith(word, StringComparison.Ordinal)));
        return report;
    }

    /// <summary>Counts the connections of the app that are in use or idle in the pools of all nodes.</summary>
    internal static async Task<long> SessionsAsync(PostgreSqlNode node, string like)
    {
        await using NpgsqlConnection connection = new(node.SuperuserConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new("select count(*) from pg_stat_activity where application_name like @like", connection);
        command.Parameters.AddWithValue("like", like);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private int Acknowledged() => Writer.Attempts.Count(static attempt => attempt.Outcome == RowOutcome.Acknowledged);

    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        await _oracle.DisposeAsync();
        await Source.DisposeAsync();
    }
}
