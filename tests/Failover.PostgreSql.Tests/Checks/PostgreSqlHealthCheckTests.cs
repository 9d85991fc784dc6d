using System.Diagnostics;
using Failover.TestServers;
using Failover.TestServers.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Failover.PostgreSql.Tests.Checks;

/// <summary>The health check of a real server, one without standbys.</summary>
public class PostgreSqlHealthCheckTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [ServerFact("postgres", "initdb", "setpriv")]
    public async Task A_check_follows_what_befalls_its_primary_and_never_hangs()
    {
        await using PostgreSqlServer server = await PostgreSqlServer.StartAsync();
        await using ServiceProvider services = Services(server);
        HealthCheckService health = services.GetRequiredService<HealthCheckService>();
        FailoverDataSource db = services.GetRequiredService<FailoverDataSource>();
        await db.Group.WaitForActiveAsync(CancellationToken.None).AsTask().WaitAsync(Limit);

        // Its table is not there yet.
        HealthReportEntry entry = await LookAsync(health);
        Assert.Equal((HealthStatus.Unhealthy, "42P01"), (entry.Status, entry.Data["sqlState"]));

        await ExecuteAsync(db, "create table failover_probe (id int primary key, at timestamptz not null)");
        entry = await LookAsync(health);
        string key = $"127.0.0.1_{server.Port}";
        Assert.Equal((HealthStatus.Healthy, null), (entry.Status, entry.Description));
        Assert.Equal((GroupCondition.Settled, MemberRole.Primary, 1L, false, true), (entry.Data["condition"], entry.Data["role." + key], entry.Data["timeline." + key], entry.Data["unfenced"], entry.Data["takesWrites"]));
        Assert.Equal(("Stream", "Off"), ($"{entry.Data["cutMode"]}", $"{entry.Data["synchronousCommit"]}"));
        Assert.InRange((long)entry.Data["connections"], 1, (long)entry.Data["connectionsLimit"]);
        Assert.DoesNotContain(entry.Data.Values, value => $"{value}".Contains(server.Password, StringComparison.Ordinal));
        Assert.Equal(1L, await ExecuteAsync(db, "select count(*) from failover_probe"));

        // A commit that waits for a standby holds the row; the checks behind it give up, and hold no connection of the server.
        await ExecuteAsync(db, "alter system set synchronous_standby_names = 'nobody'; ");
        await ExecuteAsync(db, "select pg_reload_conf()");
        await UntilAsync(async () => (await LookAsync(health)).Status == HealthStatus.Unhealthy);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(HealthStatus.Unhealthy, (await LookAsync(health)).Status);
        }

        await UntilAsync(async () => (long)(await ExecuteAsync(db, "select count(*) from pg_stat_activity where wait_event in ('SyncRep', 'transactionid', 'tuple')"))! <= 2);
        await ExecuteAsync(db, "alter system reset synchronous_standby_names");
        await ExecuteAsync(db, "select pg_reload_conf()");
        await UntilAsync(async () => (await LookAsync(health)).Status == HealthStatus.Healthy);

        server.Freeze();
        Stopwatch watch = Stopwatch.StartNew();
        await LookAsync(health);
        Assert.True(watch.Elapsed < Limit);
        await UntilAsync(async () => (await LookAsync(health)) is { Status: HealthStatus.Degraded } switching && Equals(switching.Data["condition"], GroupCondition.Switching));
        server.Thaw();
        await UntilAsync(async () => (await LookAsync(health)).Status == HealthStatus.Healthy);
    }

    private static ServiceProvider Services(PostgreSqlServer server)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddFailover().AddPostgreSql("db", server.ConnectionString);
        services.AddHealthChecks().AddPostgreSql("db", static options => options.ProbeTable = "failover_probe");
        return services.BuildServiceProvider();
    }

    private static async Task<HealthReportEntry> LookAsync(HealthCheckService health) => (await health.CheckHealthAsync().WaitAsync(Limit)).Entries["db"];

    private static async Task<object?> ExecuteAsync(FailoverDataSource db, string sql)
    {
        await using NpgsqlConnection connection = await db.OpenConnectionAsync();
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using CancellationTokenSource end = new(Limit);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(50));
        while (!await isSo())
        {
            await look.WaitForNextTickAsync(end.Token);
        }
    }
}
