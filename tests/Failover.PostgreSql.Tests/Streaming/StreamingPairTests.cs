using Failover.TestServers;
using Failover.TestServers.Servers;
using Failover.TestServers.Streaming;

namespace Failover.PostgreSql.Tests.Streaming;

/// <summary>The pair that other tests rely on does what its methods say.</summary>
public class StreamingPairTests
{
    [ServerFact("postgres", "setpriv")]
    public async Task An_old_primary_that_comes_back_takes_writes_beside_the_standby_that_was_promoted_and_only_its_timeline_tells()
    {
        await using StreamingPair pair = await StreamingPair.StartAsync();
        await pair.Primary.ExecuteAsync("create table before_the_fault (id int)");
        await pair.Primary.WaitAsync(static state => state.Standbys == 1, TimeSpan.FromSeconds(30));

        await pair.Primary.KillAsync();
        await pair.PromoteStandbyAsync();
        await pair.Primary.StartAgainAsync();

        NodeState old = await pair.Primary.WaitAsync(static state => state.IsPrimary, TimeSpan.FromSeconds(30));
        NodeState promoted = (await pair.Standby.StateAsync())!;
        await pair.Primary.ExecuteAsync("insert into before_the_fault values (1)");
        await pair.Standby.ExecuteAsync("insert into before_the_fault values (1)");
        Assert.Equal((1, 2), (old.Timeline, promoted.Timeline));
        Assert.Equal(old.SystemIdentifier, promoted.SystemIdentifier);
    }
}
