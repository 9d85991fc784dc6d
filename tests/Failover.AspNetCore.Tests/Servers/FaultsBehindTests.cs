using System.Net;
using Failover.AspNetCore.Tests.Haproxy;
using Failover.AspNetCore.Tests.Processes;
using Failover.HealthChecks.Tests.Checks.DiskSpace;
using Failover.TestServers;
using Failover.TestServers.Servers;

namespace Failover.AspNetCore.Tests.Servers;

/// <summary>What a node that is a process of its own says while something behind it is broken, and that it comes back by itself.</summary>
[Collection("Servers")]
public sealed class FaultsBehindTests(ServersFixture servers)
{
    [ServerFact("redis-server")]
    public async Task A_cache_that_is_killed_or_frozen_is_told_and_leaves_the_node_in_service_with_a_warning()
    {
        RedisServer redis = await servers.RedisAsync();
        await using NodeProcess node = await NodeProcess.StartAsync("--redis", redis.Endpoint);
        await node.UntilAsync("/health", HttpStatusCode.OK);

        await redis.KillAsync();
        try
        {
            await SaysWarnAsync(node);
        }
        finally
        {
            await redis.StartAgainAsync();
        }

        await node.UntilAsync("/health", HttpStatusCode.OK);
        redis.Freeze();
        try
        {
            await SaysWarnAsync(node);
        }
        finally
        {
            redis.Thaw();
        }

        await node.UntilAsync("/health", HttpStatusCode.OK);
    }

    [MountFact]
    public async Task A_disk_that_is_full_or_became_read_only_takes_its_node_out_of_service_and_no_other_one()
    {
        using Tmpfs disk = new("size=256k");
        await using NodeProcess a = await NodeProcess.StartAsync("--name", "a", "--disk", disk.Path, "--Failover:HaproxyAgent:Port", "0");
        await using NodeProcess b = await NodeProcess.StartAsync("--name", "b", "--Failover:HaproxyAgent:Port", "0");
        await a.UntilAsync("/health", HttpStatusCode.OK);
        await using HaproxyProcess haproxy = await HaproxyProcess.StartRecipeAsync(a, b);
        Callers callers = new(haproxy.Client, 2);

        disk.Fill();
        await IsLeftAsync();
        File.Delete(Path.Combine(disk.Path, "full"));
        await haproxy.UntilAsync("a", "UP");
        await callers.MoreAsync("a", 5);

        disk.RemountReadOnly();
        await IsLeftAsync();
        Assert.Equal("UP", await haproxy.StateAsync("b"));
        Assert.Empty(await callers.EndAsync());

        async Task IsLeftAsync()
        {
            await haproxy.UntilAsync("a", "DOWN (agent)");
            await callers.MoreAsync("b", 5);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"status":"fail"}"""), await a.AskAsync("/health/ready"));
            Assert.Equal(HttpStatusCode.OK, (await a.AskAsync("/health/live"))!.Value.Status);
            Assert.Contains("\"notes\":[\"disk unhealthy\"]", (await a.AskAsync("/health", a.ManagementPort))!.Value.Body, StringComparison.Ordinal);
        }
    }

    private static async Task SaysWarnAsync(NodeProcess node)
    {
        await node.UntilAsync("/health", HttpStatusCode.ServiceUnavailable);
        Assert.Equal((HttpStatusCode.OK, """{"status":"warn"}"""), await node.AskAsync("/health/ready"));
        Assert.Contains("\"notes\":[\"cache degraded\"]", (await node.AskAsync("/health", node.ManagementPort))!.Value.Body, StringComparison.Ordinal);
    }
}
