using Failover.TestServers;
using Failover.TestServers.Patroni;

namespace Failover.PostgreSql.Tests.Following;

/// <summary>Nodes come and go while the app runs, as Patroni says.</summary>
[Collection(OnFollowedPatroni.Name)]
public class FoundNodesTests(SharedPatroni shared)
{
    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task A_node_that_is_added_becomes_a_member_and_one_that_is_removed_is_none_any_more()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode primary = await cluster.WaitForPrimaryAsync();
        await using FaultRun run = await FaultRun.BeginAsync(cluster.ConnectionString, primary, cluster.Nodes, builder =>
        {
            builder.Options.Patroni.Enabled = true;
            builder.Options.Patroni.DiscoverMembers = true;
            builder.Options.Patroni.Interval = TimeSpan.FromMilliseconds(500);
            builder.Options.Patroni.AllowedMembers = ["127.0.0.1"];
            builder.Options.Patroni.Endpoints = [.. cluster.Nodes.Select(node => node.RestAddress.AbsoluteUri)];
        });

        PatroniNode added = await cluster.AddNodeAsync();
        try
        {
            await run.UntilAsync(snapshot => snapshot.Readable.Any(member => member.Member.Address.Port == added.PostgreSqlPort), "the new node is found, and fit for reads");
        }
        finally
        {
            await cluster.RemoveNodeAsync(added);
        }

        await run.UntilAsync(snapshot => snapshot.Members.All(member => member.Member.Address.Port != added.PostgreSqlPort), "the node that is gone is no member");
        Assert.Equal(primary.PostgreSqlPort, run.Group.Snapshot.Active!.Address.Port);
        await run.AcknowledgedAsync(20);
        Assert.Equal(0, (await run.JudgeAsync(primary)).Failed);
    }
}
