using Failover.TestServers;
using Failover.TestServers.Streaming;
using Failover.TestServers.Writes;

namespace Failover.PostgreSql.Tests.Following;

/// <summary>Plain streaming replication, where nobody stops an old primary from taking writes.</summary>
public class UnfencedTests
{
    [ServerFact("postgres", "setpriv")]
    public async Task An_old_primary_that_comes_back_writable_gets_no_write()
    {
        await using StreamingPair pair = await StreamingPair.StartAsync();
        await using FaultRun run = await FaultRun.BeginAsync(pair.ConnectionString, pair.Primary, [pair.Primary, pair.Standby]);

        await pair.Primary.KillAsync();
        await pair.PromoteStandbyAsync();
        await run.FollowedAsync(1);
        await pair.Primary.StartAgainAsync();
        await run.UntilAsync(snapshot => snapshot.Members.Single(member => member.Member.Address.Port == pair.Primary.Port) is { Verdict: Verdict.Healthy, Role: MemberRole.Primary, Epoch.Number: 1 }, "the old primary says that it is one");
        await run.AcknowledgedAsync(50);

        Assert.True((await pair.Primary.StateAsync())!.IsPrimary);
        await run.JudgeAsync(pair.Standby);
        Assert.Equal(pair.Standby.Port, run.Group.Snapshot.Active!.Address.Port);
        Assert.DoesNotContain(run.Group.Snapshot.Readable, member => member.Member.Address.Port == pair.Primary.Port);
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_standby_that_is_promoted_beside_a_living_primary_is_followed()
    {
        await using StreamingPair pair = await StreamingPair.StartAsync();
        await using FaultRun run = await FaultRun.BeginAsync(pair.ConnectionString, pair.Primary, [pair.Primary, pair.Standby]);

        await pair.PromoteStandbyAsync();
        RowAttempt first = await run.FollowedAsync(1);
        await run.AcknowledgedAsync(50);

        // What the old primary took before the client knew is lost, here as with every client; nothing after.
        IReadOnlyList<RowAttempt> attempts = await run.Writer.StopAsync(FaultRun.CallTimeout * 2);
        Assert.DoesNotContain(attempts, attempt => attempt.Timeline == 1 && attempt.Started > first.Ended);
        Assert.Equal(pair.Standby.Port, run.Group.Snapshot.Active!.Address.Port);
    }
}
