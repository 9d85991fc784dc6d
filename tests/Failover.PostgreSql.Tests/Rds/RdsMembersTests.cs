using Failover.PostgreSql.Tests.Following;
using Failover.TestServers;
using Failover.TestServers.Streaming;

namespace Failover.PostgreSql.Tests.Rds;

/// <summary>The functions of an RDS Multi-AZ DB cluster, made in a real server.</summary>
public class RdsMembersTests
{
    [ServerFact("postgres", "setpriv")]
    public async Task The_instances_that_a_cluster_names_become_members_where_they_are_allowed()
    {
        await using StreamingPair pair = await StreamingPair.StartAsync();
        await pair.Primary.ExecuteAsync(
            $"""
            create schema rds_tools;
            create function rds_tools.multi_az_db_cluster_source_dbi_resource_id() returns text language sql as $$ select 'db-a' $$;
            create function rds_tools.show_topology(caller text default '') returns table (id text, endpoint text, port int) language sql as
              $$ values ('db-a', '127.0.0.1', {pair.Primary.Port}), ('db-b', '127.0.0.1', {pair.Standby.Port}) $$;
            grant usage on schema rds_tools to public;
            """);
        FailoverDataSourceBuilder builder = new("db", pair.Primary.ConnectionString);
        builder.Options.IsRds = true;
        builder.Options.Patroni.AllowedMembers = ["127.0.0.1"];
        await using FailoverDataSource allowed = builder.Build();
        await using FailoverDataSource refused = new FailoverDataSourceBuilder("strict", pair.Primary.ConnectionString) { Options = { IsRds = true, Patroni = { AllowedMembers = [$"127.0.0.1:{pair.Primary.Port}"] } } }.Build();
        await using FailoverDataSource off = new FailoverDataSourceBuilder("off", pair.Primary.ConnectionString) { Options = { IsRds = true, DiscoverRdsMembers = false, Patroni = { AllowedMembers = ["127.0.0.1"] } } }.Build();
        foreach (FailoverDataSource source in (FailoverDataSource[])[refused, off])
        {
            await source.Group.WaitForActiveAsync(default).AsTask().WaitAsync(FaultRun.Limit);
        }

        using CancellationTokenSource end = new(FaultRun.Limit);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(10));
        while (allowed.Group.Snapshot.Readable.IsEmpty)
        {
            await look.WaitForNextTickAsync(end.Token);
        }

        Assert.Equal([pair.Primary.Port, pair.Standby.Port], allowed.Group.Snapshot.Members.Select(member => member.Member.Address.Port));
        Assert.Equal(pair.Primary.Port, allowed.Group.Snapshot.Active!.Address.Port);
        Assert.Single(refused.Group.Snapshot.Members);
        Assert.Single(off.Group.Snapshot.Members);
    }
}
