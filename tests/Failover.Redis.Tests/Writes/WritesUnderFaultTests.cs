using System.Diagnostics;
using Failover.Redis.Tests.Sentinel;
using Failover.TestServers;
using Failover.TestServers.Resp;
using Failover.TestServers.Sentinel;
using Failover.TestServers.Writes;
using Failover.TestServers.Writes.Redis;
using Xunit.Abstractions;

namespace Failover.Redis.Tests.Writes;

/// <summary>The writer, the oracle and the audit together, with clients that follow nobody: what every other client is measured by.</summary>
[Collection(OnSentinels.Name)]
public class WritesUnderFaultTests(SharedSentinels shared, ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [ServerFact("redis-server")]
    public async Task Rows_that_a_client_writes_to_the_old_master_after_a_planned_failover_are_stale_and_none_else_is_missing()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode old = await set.WaitForMasterAsync();
        await old.AskAsync("FLUSHALL");
        await using RedisOracle oracle = RedisOracle.Start(set.Nodes);
        await using RowWriter writer = RowWriter.Start((id, _) => old.AskAsync("INCR", RedisKeys.Of(id)), OutcomeOf, tasks: 4);
        await writer.WaitAsync(static attempt => attempt is { Id: > 50, Outcome: RowOutcome.Acknowledged }, Limit);

        long fault = Stopwatch.GetTimestamp();
        RedisNode next = await set.SwitchAsync();
        Reign reign = await oracle.WaitAsync(reign => reign.Node == next.Name && reign.First > fault, Limit);
        await writer.WaitAsync(attempt => attempt.Outcome == RowOutcome.Acknowledged && attempt.Started > reign.First, Limit);
        IReadOnlyList<RowAttempt> attempts = await writer.StopAsync(Limit);

        AuditedWrites audited = await RedisWriteAudit.ReadAsync(next, attempts, oracle.Seen);
        output.WriteLine($"{audited.Report}; {WriteTimes.Of(audited.Attempts, audited.Seen, fault)}; {string.Join("; ", oracle.Seen)}");
        Assert.Equal([old.Name, next.Name], audited.Seen.Select(static writes => writes.Node));
        Assert.NotEmpty(audited.Report.Stale);
        Assert.True(audited.Report is { Lost: [], Doubled: [], FailedButWritten: [] }, audited.Report.ToString());
    }

    [ServerFact("redis-server")]
    public async Task After_a_crash_the_rows_that_were_acknowledged_are_there_once_but_for_what_the_replica_did_not_have()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode old = await set.WaitForMasterAsync();
        await old.AskAsync("FLUSHALL");
        await using RedisOracle oracle = RedisOracle.Start(set.Nodes);
        await using RowWriter writer = RowWriter.Start(async (id, _) => await (await set.MasterAsync() ?? old).AskAsync("INCR", RedisKeys.Of(id)), OutcomeOf, tasks: 4);
        await writer.WaitAsync(static attempt => attempt is { Id: > 20, Outcome: RowOutcome.Acknowledged }, Limit);

        long fault = Stopwatch.GetTimestamp();
        await old.KillAsync();
        RedisNode next = await set.WaitForMasterAsync(otherThan: old);
        await writer.WaitAsync(attempt => attempt.Outcome == RowOutcome.Acknowledged && attempt.Started > fault, Limit);
        IReadOnlyList<RowAttempt> attempts = await writer.StopAsync(Limit);

        AuditedWrites audited = await RedisWriteAudit.ReadAsync(next, attempts, oracle.Seen);
        output.WriteLine($"{audited.Report}; {WriteTimes.Of(audited.Attempts, audited.Seen, fault)}; {string.Join("; ", oracle.Seen)}");
        Assert.True(audited.Report is { Acknowledged: > 20, Lost: [], Stale: [], Doubled: [], FailedButWritten: [] }, audited.Report.ToString());
        Assert.Contains(attempts, static attempt => attempt.Outcome == RowOutcome.Unknown);
    }

    private static RowOutcome OutcomeOf(Exception exception) => exception is RespException ? RowOutcome.Failed : RowOutcome.Unknown;
}
