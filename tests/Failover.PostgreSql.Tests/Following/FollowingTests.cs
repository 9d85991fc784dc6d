using System.Diagnostics;
using Failover.PostgreSql.Tests.Patroni;
using Failover.TestServers;
using Failover.TestServers.Patroni;
using Npgsql;
using Xunit.Abstractions;

namespace Failover.PostgreSql.Tests.Following;

/// <summary>A data source follows the primary of a real cluster.</summary>
[Collection(OnPatroni.Name)]
public class FollowingTests(SharedPatroni shared, ITestOutputHelper output)
{
    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task After_a_crash_connections_go_to_the_new_primary()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode old = await cluster.WaitForPrimaryAsync();
        await using FailoverDataSource db = new FailoverDataSourceBuilder("db", cluster.ConnectionString).Build();
        await using (NpgsqlConnection before = await db.OpenConnectionAsync())
        {
            Assert.Equal(old.PostgreSqlPort, before.Port);
        }

        await old.KillAsync();
        Stopwatch watch = Stopwatch.StartNew();
        _ = Task.Run(async () => { await cluster.WaitForPrimaryAsync(otherThan: old); output.WriteLine($"fixture saw it at {watch.Elapsed}"); });
        int failed = 0;
        while (true)
        {
            try
            {
                await using NpgsqlConnection after = await db.OpenConnectionAsync();
                await using NpgsqlCommand command = after.CreateCommand();
                command.CommandText = "select pg_is_in_recovery()";
                Assert.False((bool)(await command.ExecuteScalarAsync())!);
                Assert.NotEqual(old.PostgreSqlPort, after.Port);
                break;
            }
            catch (NpgsqlException exception)
            {
                failed++;
                output.WriteLine($"{watch.Elapsed} {exception.Message} {exception.InnerException?.Message}");
            }
        }

        output.WriteLine($"{watch.Elapsed} followed, {failed} failed");
        output.WriteLine(db.Group.Snapshot.LastSwitchover!.ToString());
        foreach (MemberSnapshot m in db.Group.Snapshot.Members) { output.WriteLine($"{m.Member} {m.Verdict} {m.Role} {m.Epoch} {m.Lag} {m.Evidence}"); }
        await Task.Delay(200);
    }
}
