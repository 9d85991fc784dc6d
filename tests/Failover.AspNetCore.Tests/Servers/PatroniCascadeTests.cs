using Failover.AspNetCore.Tests.Haproxy;
using Failover.PostgreSql;
using Failover.TestServers;
using Failover.TestServers.Patroni;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Failover.AspNetCore.Tests.Servers;

/// <summary>A database cluster that all nodes share fails over: that is no reason to send traffic anywhere else.</summary>
[Collection("Servers")]
public sealed class PatroniCascadeTests
{
    private const string Local = "Local";

    [ServerFact("haproxy", "patroni", "etcd", "postgres", "setpriv")]
    public async Task While_the_cluster_has_no_primary_every_node_says_so_and_none_is_taken_out_of_service()
    {
        await using PatroniCluster cluster = await PatroniCluster.StartAsync(new() { EtcdV2 = true });
        PatroniNode old = await cluster.WaitForPrimaryAsync();
        await using App a = await StartAsync(cluster, "a");

        // As if the failover took longer than its grace: then the check does not degrade, it fails.
        await using App b = await StartAsync(cluster, "b", grace: TimeSpan.Zero);

        // What is said to be this node's own trouble does cost it its traffic: HAProxy sees what happens, and acts on it.
        await using App own = await StartAsync(cluster, "own", grace: TimeSpan.Zero, scope: Local);
        App[] all = [a, b, own];
        await Task.WhenAll(all.Select(node => node.OperationalAsync()));
        await using HaproxyProcess haproxy = await HaproxyProcess.StartAsync(("a", a.Port, null), ("b", b.Port, null));
        await using HaproxyProcess control = await HaproxyProcess.StartAsync(("own", own.Port, null));
        await haproxy.UntilAsync("a", "UP");
        await haproxy.UntilAsync("b", "UP");
        await control.UntilAsync("own", "UP");
        using CancellationTokenSource over = new();
        Task<int> watch = haproxy.MostOutOfServiceAsync(over.Token);
        Callers callers = new(haproxy.Client, 4);
        await callers.MoreAsync("a", 20);
        await callers.MoreAsync("b", 20);

        await old.KillAsync();
        await Task.WhenAll(all.Select(node => node.NotOperationalAsync()));
        await control.UntilAsync("own", "DOWN");
        Assert.All(all, node => Assert.Equal(GroupCondition.Switching, GroupOf(node).Snapshot.Condition));
        await callers.MoreAsync("a", 20);
        await callers.MoreAsync("b", 20);
        await App.UntilAsync(() => Array.TrueForAll(all, node => GroupOf(node).Snapshot is { Condition: GroupCondition.Settled, Active: { } active } && active.Address.Port != old.PostgreSqlPort), "every node has followed the new primary");
        await Task.WhenAll(all.Select(node => node.OperationalAsync()));
        await control.UntilAsync("own", "UP");

        await over.CancelAsync();
        Assert.Empty(await callers.EndAsync());
        Assert.Equal(0, await watch);
        Assert.Equal(((0, 0), (0, 0)), (await haproxy.DownAsync("a"), await haproxy.DownAsync("b")));
    }

    private static FailoverGroup GroupOf(App node) => node.Services.GetRequiredService<FailoverDataSource>().Group;

    private static Task<App> StartAsync(PatroniCluster cluster, string name, TimeSpan? grace = null, string? scope = null) => App.StartAsync(
        builder =>
        {
            builder.Configuration["Failover:Health:Checks:db:Scope"] = scope;
            builder.Services.AddFailover().AddPostgreSql("db", cluster.ConnectionString);
            builder.Services.AddHealthChecks().AddPostgreSql("db", options => options.SwitchingGrace = grace ?? options.SwitchingGrace);
        },
        (app, _) =>
        {
            app.MapFailoverHealth("/health");
            app.MapGet("/who", () => name);
        });
}
