using Failover.TestServers.Resp;
using Failover.TestServers.Sentinel;

namespace Failover.Redis.Tests.Sentinel;

/// <summary>The sentinel that lies says what it is told to.</summary>
public class SentinelStandInTests
{
    [Fact]
    public async Task It_names_the_master_that_it_was_told_to_and_notes_what_it_was_asked()
    {
        await using SentinelStandIn sentinel = SentinelStandIn.Naming("127.0.0.1", 6380, epoch: 7);
        await using RespConnection connection = await RespConnection.ConnectAsync(sentinel.Port, "secret", null, CancellationToken.None);

        Assert.Equal(["127.0.0.1", "6380"], (object?[])(await connection.AskAsync(CancellationToken.None, "SENTINEL", "get-master-addr-by-name", SentinelSet.ServiceName))!);
        Assert.Contains("7", (object?[])(await connection.AskAsync(CancellationToken.None, "SENTINEL", "MASTER", SentinelSet.ServiceName))!);
        Assert.Contains("AUTH secret", sentinel.Commands);
    }

    [Fact]
    public async Task It_publishes_to_those_who_subscribed_by_name_or_by_pattern()
    {
        await using SentinelStandIn sentinel = SentinelStandIn.Naming("127.0.0.1", 6380, epoch: 7);
        await using RespConnection named = await RespConnection.ConnectAsync(sentinel.Port, null, null, CancellationToken.None);
        await using RespConnection all = await RespConnection.ConnectAsync(sentinel.Port, null, null, CancellationToken.None);
        await named.AskAsync(CancellationToken.None, "SUBSCRIBE", "+switch-master");
        await all.AskAsync(CancellationToken.None, "PSUBSCRIBE", "*");

        await sentinel.PublishAsync("+odown", "one");
        await sentinel.PublishAsync("+switch-master", "two");

        Assert.Equal(["message", "+switch-master", "two"], (object?[])(await named.ReadAsync(CancellationToken.None))!);
        Assert.Equal(["pmessage", "*", "+odown", "one"], (object?[])(await all.ReadAsync(CancellationToken.None))!);
    }
}
