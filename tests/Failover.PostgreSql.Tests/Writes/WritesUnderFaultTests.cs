using System.Diagnostics;
using Failover.PostgreSql.Tests.Patroni;
using Failover.TestServers;
using Failover.TestServers.Patroni;
using Failover.TestServers.Writes;
using Npgsql;
using Xunit.Abstractions;

namespace Failover.PostgreSql.Tests.Writes;

/// <summary>The writer, the oracle and the audit together, with Npgsql alone as the client: what every other client is measured by.</summary>
[Collection(OnPatroni.Name)]
public class WritesUnderFaultTests(SharedPatroni shared, ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task After_a_crash_the_rows_that_Npgsql_acknowledged_are_there_once_but_for_what_the_standby_did_not_have()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode old = await cluster.WaitForPrimaryAsync();
        int timeline = (await old.StateAsync())!.Timeline;
        await WritesTable.CreateAsync(old);
        await using NpgsqlMultiHostDataSource source = new NpgsqlDataSourceBuilder($"{cluster.ConnectionString};Host Recheck Seconds=0;Timeout=2;Command Timeout=2").BuildMultiHost();
        await using Oracle oracle = Oracle.Start(cluster.Nodes);
        await using RowWriter writer = RowWriter.Start(async (id, cancellationToken) =>
        {
            await using NpgsqlConnection connection = await source.OpenConnectionAsync(TargetSessionAttributes.Primary, cancellationToken);
            return await WritesTable.InsertAsync(connection, id, cancellationToken);
        });
        await writer.WaitAsync(attempt => attempt is { Id: > 50, Outcome: RowOutcome.Acknowledged }, Limit);

        long fault = Stopwatch.GetTimestamp();
        await old.KillAsync();
        OracleWrites next = await oracle.WaitForTimelineAboveAsync(timeline, Limit);
        await writer.WaitAsync(attempt => attempt.Timeline > timeline, Limit);
        IReadOnlyList<RowAttempt> attempts = await writer.StopAsync(Limit);

        PatroniNode primary = await cluster.WaitForPrimaryAsync(otherThan: old);
        WriteReport report = await WriteAudit.ReadAsync(primary, attempts, oracle.Seen);
        output.WriteLine($"{report}; {WriteTimes.Of(attempts, oracle.Seen, fault)}");
        Assert.Equal((primary.Name, timeline + 1), (next.Node, next.Timeline));
        Assert.True(report is { Lost: [], Stale: [], Doubled: [], FailedButWritten: [] }, report.ToString());
        Assert.Contains(attempts, static attempt => attempt.Outcome == RowOutcome.Failed);
    }
}
