using System.Diagnostics.Metrics;
using Failover.PostgreSql.Tests.Patroni;
using Failover.TestServers;
using Failover.TestServers.Patroni;
using Failover.TestServers.Servers;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Npgsql;
using Xunit.Abstractions;

namespace Failover.PostgreSql.Tests.Lag;

/// <summary>What is told of the standbys of a real cluster, against what they lack.</summary>
[Collection(OnPatroni.Name)]
public class ReplicationLagTests(SharedPatroni shared, ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [ServerFact("patroni", "etcd", "postgres", "setpriv", "kill")]
    public async Task While_a_receiver_hangs_its_standby_is_behind_by_the_age_of_the_oldest_row_that_it_lacks_and_an_alarm_is_raised_and_ends()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode primary = await cluster.WaitForPrimaryAsync();
        PatroniNode standby = cluster.Nodes.First(node => node != primary);
        PatroniNode well = cluster.Nodes.Last(node => node != primary);
        FakeLogCollector logs = new();
        using ServiceProvider services = Services(cluster, logs);
        using MetricCollector<double> gauge = new(services.GetRequiredService<IMeterFactory>(), "Failover", "failover.replication.lag");
        FailoverDataSource db = services.GetRequiredService<FailoverDataSource>();
        await db.Group.WaitForActiveAsync(CancellationToken.None).AsTask().WaitAsync(Limit);
        await UntilAsync(() => db.Group.Snapshot.Readable.Length == 2);
        await using Rows rows = await Rows.StartAsync(db);
        await UntilAsync(() => rows.Written > 0);
        await UntilAsync(() => Rows.IsOnAsync(standby));

        HealthReport report;
        await using (await HungReceiver.OfAsync(standby))
        {
            double worst = 0;
            int looks = 0;
            TimeSpan? last = null;
            await UntilAsync(async () =>
            {
                MemberSnapshot member = Of(db, standby);
                (TimeSpan Truth, TimeSpan Tolerance) missed = await rows.MissedByAsync(standby);
                if (Of(db, standby) is { Lag: { } told } now && now.Lag != last && ReferenceEquals(now, member))
                {
                    last = told;
                    looks++;

                    // The look was up to a pause between two looks ago: the lag has grown since by no more than that.
                    double error = (told - missed.Truth).TotalSeconds;
                    worst = Math.Max(worst, Math.Abs(error));
                    output.WriteLine($"told {told.TotalSeconds:0.000} s, truth {missed.Truth.TotalSeconds:0.000} s");
                    Assert.InRange(error, -3 - missed.Tolerance.TotalSeconds, 1.5 + missed.Tolerance.TotalSeconds);
                }

                return logs.GetSnapshot().Any(static log => log.Id.Id == 6000) && looks >= 3;
            });
            output.WriteLine($"{looks} looks, worst {worst:0.000} s");

            Assert.InRange(Of(db, well).Lag!.Value, TimeSpan.Zero, Of(db, standby).Lag!.Value / 2);
            gauge.RecordObservableInstruments();
            Assert.Contains(gauge.GetMeasurementSnapshot(), one => one.Value > 1 && (string)one.Tags["failover.member"]! == $"127.0.0.1:{standby.PostgreSqlPort}" && (string)one.Tags["failover.group"]! == "db");

            // Rule 9: an alarm, and nothing else.
            Assert.Equal(GroupCondition.Settled, db.Group.Snapshot.Condition);
            report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
            Assert.Equal(HealthStatus.Degraded, report.Entries["db"].Status);
            Assert.Equal(true, report.Entries["db"].Data[$"alarm.127.0.0.1_{standby.PostgreSqlPort}"]);
            ReplicationStatus status = await db.ReadReplicationAsync();
            MemberReplication hung = status.Members.Single(one => one.Member.Address.Port == standby.PostgreSqlPort);
            Assert.True(hung.IsAlarmed);
            Assert.True(hung.BytesBehind > 0);
            Assert.Equal(standby.Name, hung.Link!.ApplicationName);
        }

        await UntilAsync(() => logs.GetSnapshot().Any(static log => log.Id.Id == 6001));
        await UntilAsync(() => Of(db, standby).Lag < TimeSpan.FromSeconds(1));
        Assert.Single(logs.GetSnapshot(), static log => log.Id.Id == 6000 && log.Level == LogLevel.Warning);
        Assert.Single(logs.GetSnapshot(), static log => log.Id.Id == 6001 && log.Level == LogLevel.Information);
    }

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task On_an_idle_primary_no_standby_is_behind_and_all_is_told_of_them()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode primary = await cluster.WaitForPrimaryAsync();
        await using FailoverDataSource db = new FailoverDataSourceBuilder("db", cluster.ConnectionString).Build();
        await db.Group.WaitForActiveAsync(CancellationToken.None).AsTask().WaitAsync(Limit);
        await UntilAsync(() => db.Group.Snapshot.Readable.Length == 2);
        List<TimeSpan> told = [];
        GroupSnapshot? seen = null;
        await UntilAsync(() =>
        {
            if (!ReferenceEquals(seen, db.Group.Snapshot))
            {
                seen = db.Group.Snapshot;
                told.AddRange(seen.Readable.Select(static member => member.Lag!.Value));
            }

            return told.Count >= 12;
        });
        output.WriteLine($"idle: {told.Count} looks, worst {told.Max().TotalSeconds:0.000} s");
        Assert.All(told, static lag => Assert.InRange(lag, TimeSpan.Zero, TimeSpan.FromSeconds(2)));
        Assert.True(told.Count(static lag => lag == TimeSpan.Zero) > told.Count / 2);

        ReplicationStatus status = await db.ReadReplicationAsync();

        Assert.Equal(primary.PostgreSqlPort, status.Primary!.Address.Port);
        Assert.Equal([MemberRole.Primary, MemberRole.Replica, MemberRole.Replica], status.Members.Select(static member => member.Role).Order());
        Assert.All(status.Members, member => Assert.Equal(member.Role == MemberRole.Replica, member is { Lag: not null, BytesBehind: not null, Link: not null }));
        Assert.All(status.Members.Where(static member => member.Link is not null), member => Assert.Equal(cluster.Nodes.Single(node => node.PostgreSqlPort == member.Member.Address.Port).Name, member.Link!.ApplicationName));
        Assert.Equal(2, status.Slots.Count(static slot => slot is { IsActive: true, IsLogical: false, BytesRetained: not null }));
        Assert.Equal("", status.SynchronousStandbyNames);
        Assert.Empty(status.OtherLinks);

        // The app's user may only connect.
        Assert.Contains("pg_monitor", status.NotRead, StringComparison.Ordinal);
        Assert.All(status.Members, static member => Assert.Null(member.Link?.SyncState));
        await ExecuteAsync(primary.SuperuserConnectionString, $"grant pg_monitor to {PostgreSqlNode.UserName}");
        ReplicationStatus full = await db.ReadReplicationAsync();
        await ExecuteAsync(primary.SuperuserConnectionString, $"revoke pg_monitor from {PostgreSqlNode.UserName}");
        Assert.Null(full.NotRead);
        Assert.All(full.Members.Where(static member => member.Role == MemberRole.Replica), static member => Assert.Equal(("streaming", "async", "127.0.0.1"), (member.Link!.State, member.Link.SyncState, member.Link.ClientAddress)));
    }

    private static ServiceProvider Services(PatroniCluster cluster, FakeLogCollector logs)
    {
        ServiceCollection services = new();
        services.AddMetrics().AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(logs)));
        services.AddFailover().AddPostgreSql("db", cluster.ConnectionString, group => group.Options(static options => (options.Lag.Alarm, options.Lag.Breaches) = (TimeSpan.FromSeconds(1), 3)));
        services.AddHealthChecks().AddPostgreSql("db");
        return services.BuildServiceProvider();
    }

    private static MemberSnapshot Of(FailoverDataSource db, PatroniNode node) => db.Group.Snapshot.Members.Single(member => member.Member.Address.Port == node.PostgreSqlPort);

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using NpgsqlConnection connection = new(connectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static Task UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using CancellationTokenSource end = new(Limit);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(20));
        while (!await isSo())
        {
            await look.WaitForNextTickAsync(end.Token);
        }
    }
}
