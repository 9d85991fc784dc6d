using Failover.Redis.Probing;
using Failover.Redis.Resp;
using Failover.Redis.Tests.Probing;
using Failover.Redis.Tests.Tunnel;
using Failover.TestServers;
using Failover.TestServers.Sentinel;
using Failover.TestServers.Servers;

namespace Failover.Redis.Tests.Sentinel;

/// <summary>What the docs have the user of the nodes be allowed is enough, and for each right they say what is missing without it.</summary>
public class NodeRightsTests
{
    private const string Password = "Gr4nite-and-moss";

    private static readonly RespAccess Access = new(static _ => new(new RedisCredentials(SentinelUsers.Client, Password)), null, "tests");

    [ServerTheory("redis-server")]
    [InlineData(null)]
    [InlineData("+client|setname")]
    [InlineData("+role")]
    [InlineData("+echo")]
    public async Task The_documented_rights_are_enough_for_the_probe_and_some_it_can_do_without(string? without)
    {
        await using RedisServer server = await StartAsync(without);
        ProbeResult result = await ProbeAsync(server);
        Assert.Equal((ProbeOutcome.Succeeded, MemberRole.Primary, null), (result.Outcome, result.Role, result.Evidence));
    }

    [ServerTheory("redis-server")]
    [InlineData("+ping")]
    [InlineData("+info")]
    public async Task Without_one_that_it_needs_the_probe_fails_and_says_which(string without)
    {
        await using RedisServer server = await StartAsync(without);
        ProbeResult result = await ProbeAsync(server);
        Assert.Equal(ProbeOutcome.Failed, result.Outcome);
        Assert.EndsWith("the user of the group may not ask PING and INFO (NOPERM)", result.Evidence, StringComparison.Ordinal);
    }

    [ServerTheory("redis-server")]
    [InlineData(null)]
    [InlineData("+client|setname")]
    [InlineData("+ping")]
    [InlineData("+info")]
    [InlineData("+role")]
    public async Task The_documented_rights_are_enough_for_the_multiplexer_and_some_it_can_do_without(string? without)
    {
        await using RedisServer server = await StartAsync(without);
        await using TunnelApp app = TunnelApp.Waiting(Access);
        app.Tunnel.SwitchTo(TunnelApp.At(server));
        Assert.True(await app.Database.StringSetAsync("key", "value").WaitAsync(TunnelApp.Limit));
    }

    [ServerFact("redis-server")]
    public async Task Without_ECHO_the_multiplexer_has_no_connection_and_its_exception_says_why()
    {
        await using RedisServer server = await StartAsync("+echo");
        await using TunnelApp app = TunnelApp.Waiting(Access, static options => (options.ConnectTimeout, options.AsyncTimeout, options.SyncTimeout) = (1_000, 1_000, 1_000));
        app.Tunnel.SwitchTo(TunnelApp.At(server));
        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => app.Database.StringSetAsync("key", "value").WaitAsync(TunnelApp.Limit));
        Assert.Equal(RedisExecution.NotExecuted, RedisOutcome.OfAsynchronous(error));
        Assert.Contains("NOPERM this user has no permissions to run the 'echo' command", error.ToString(), StringComparison.Ordinal);
    }

    [ServerFact("redis-server")]
    public async Task Without_ROLE_a_node_cannot_be_asked_whether_it_was_promoted()
    {
        await using RedisServer all = await StartAsync(null);
        await using RedisServer less = await StartAsync("+role");
        await using RedisNodes nodes = new(Access, TimeProvider.System);
        Assert.True(await nodes.Of(MemberOf(all)).SaysMasterAsync(CancellationToken.None));
        Assert.Equal("NOPERM", (await Assert.ThrowsAsync<RespErrorException>(() => nodes.Of(MemberOf(less)).SaysMasterAsync(CancellationToken.None).AsTask())).Kind);
    }

    private static FailoverMember MemberOf(RedisServer server) => new(new Uri($"redis://{server.Endpoint}"));

    private static async Task<ProbeResult> ProbeAsync(RedisServer server)
    {
        await using RedisNodes nodes = new(Access, TimeProvider.System);
        return await ProbedNode.ProbeOf(nodes, isNamed: true).ProbeAsync(MemberOf(server), CancellationToken.None).AsTask().WaitAsync(TunnelApp.Limit);
    }

    private static Task<RedisServer> StartAsync(string? without)
    {
        string[] rights = [.. SentinelUsers.ClientRights.Where(right => right != without)];
        Assert.Equal(SentinelUsers.ClientRights.Count - (without is null ? 0 : 1), rights.Length);
        return RedisServer.StartAsync(["--user", SentinelUsers.Client, "on", $">{Password}", .. rights]);
    }
}
