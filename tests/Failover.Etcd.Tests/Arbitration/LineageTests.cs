using Failover.TestServers;
using Failover.TestServers.Servers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.Etcd.Tests.Arbitration;

/// <summary>What tokens belong to, while the data of a real etcd are new, kept, lost and put back.</summary>
public sealed class LineageTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    [ServerFact("etcd", "etcdctl")]
    public async Task An_etcd_that_is_new_grants_nothing_for_one_duration_and_then_has_one_lineage_for_all()
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        Host a = new(etcd), b = new(etcd);
        LeaseRequest request = EtcdLeases.Request("host-a") with { Duration = 3 * Short };

        LeaseAnswer[] first = await Task.WhenAll(EtcdLeases.AskAsync(a.Store, request), EtcdLeases.AskAsync(b.Store, request.By("host-b")));
        Assert.All(first, static answer => Assert.Equal((null, null), (answer.Grant, answer.Holder)));
        Assert.True((await EtcdLeases.AskAsync(a.Store, request)).RetryAfter >= Short);
        (_, LeaseGrant grant) = await EtcdLeases.TakeSoonAsync(a.Store, request);
        LeaseGrant other = await EtcdLeases.TakeAsync(b.Store, EtcdLeases.Request("host-b"));

        Assert.Equal(grant.Epoch.Lineage, other.Epoch.Lineage);
        Assert.Single((string[])[.. a.Told(7004), .. b.Told(7004)]);
        Assert.Empty(a.Told(7003));
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task Who_asks_a_new_etcd_for_longer_leases_makes_all_wait_for_longer()
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        Host a = new(etcd), b = new(etcd);
        LeaseRequest request = EtcdLeases.Request("host-a") with { Duration = Short };
        LeaseAnswer first = await EtcdLeases.AskAsync(a.Store, request);

        LeaseAnswer second = await EtcdLeases.AskAsync(b.Store, EtcdLeases.Request("host-b") with { Duration = TimeSpan.FromMinutes(9) });
        LeaseAnswer third = await EtcdLeases.AskAsync(a.Store, request);

        Assert.True(first.RetryAfter < EtcdLeases.Limit);
        Assert.True(second.RetryAfter > TimeSpan.FromMinutes(8));
        Assert.True(third.Grant is null && third.RetryAfter > TimeSpan.FromMinutes(8));
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task An_etcd_that_is_killed_and_started_with_its_data_keeps_lineage_lease_and_token()
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        Host a = new(etcd);
        await EtcdLeases.TakeSoonAsync(a.Store, EtcdLeases.Request("warm") with { Duration = Short });
        LeaseRequest request = EtcdLeases.Request("host-a");
        LeaseGrant grant = await EtcdLeases.TakeAsync(a.Store, request);

        await etcd.KillAsync();
        await Assert.ThrowsAsync<LeaseStoreException>(() => a.Store.RenewAsync(request, grant, CancellationToken.None).AsTask());
        await Assert.ThrowsAsync<LeaseStoreException>(() => a.Store.TakeAsync(EtcdLeases.Request("host-a"), CancellationToken.None).AsTask());
        await etcd.StartAgainAsync();

        await EtcdLeases.SoonAsync(async () => (await a.Store.RenewAsync(request, grant, CancellationToken.None))?.Epoch == grant.Epoch);
        Assert.Equal("host-a", (await new Host(etcd).Store.TakeAsync(request.By("host-b"), CancellationToken.None)).Holder);
        Assert.Empty(a.Told(7003));
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task An_etcd_that_is_built_again_without_its_data_has_another_lineage_and_its_tokens_start_again()
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        Host a = new(etcd), b = new(etcd);
        await EtcdLeases.TakeSoonAsync(a.Store, EtcdLeases.Request("warm") with { Duration = Short });
        LeaseRequest request = EtcdLeases.Request("host-a") with { Duration = TimeSpan.FromSeconds(2) };
        for (int i = 0; i < 9; i++)
        {
            await etcd.ControlAsync("put", "/other", $"{i}");
        }

        LeaseGrant grant = await EtcdLeases.TakeAsync(a.Store, request);
        await EtcdLeases.TakeSoonAsync(b.Store, EtcdLeases.Request("host-b") with { Duration = Short });
        await etcd.KillAsync();
        Directory.Delete(Path.Combine(etcd.Folder, "data"), recursive: true);
        await etcd.StartAgainAsync();

        // The holder hears of it by a renewal; another one does not get it at once, since the holder may not hear of it.
        await EtcdLeases.SoonAsync(async () => await a.Store.RenewAsync(request, grant, CancellationToken.None) is null);
        LeaseAnswer early = await EtcdLeases.AskAsync(b.Store, request.By("host-b"));
        Assert.Equal((null, null), (early.Grant, early.Holder));
        (_, LeaseGrant next) = await EtcdLeases.TakeSoonAsync(b.Store, request.By("host-b"));

        Assert.NotEqual(grant.Epoch.Lineage, next.Epoch.Lineage);
        Assert.Equal(ClusterOf(grant), ClusterOf(next));
        Assert.True(next.Epoch.Number < grant.Epoch.Number);
        Assert.Contains(next.Epoch.Lineage, Assert.Single(b.Told(7003)), StringComparison.Ordinal);
        Assert.Null(await a.Store.RenewAsync(request, grant, CancellationToken.None));
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task An_etcd_that_is_put_back_to_a_copy_of_its_data_gets_another_lineage_from_who_remembers_better()
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        Host a = new(etcd);
        await EtcdLeases.TakeSoonAsync(a.Store, EtcdLeases.Request("warm") with { Duration = Short });
        (string data, string copy) = (Path.Combine(etcd.Folder, "data"), Path.Combine(etcd.Folder, "copy"));
        await etcd.KillAsync();
        Copy(data, copy);
        await etcd.StartAgainAsync();
        LeaseRequest request = EtcdLeases.Request("host-a") with { Duration = TimeSpan.FromSeconds(2) };
        (request, LeaseGrant grant) = await EtcdLeases.TakeSoonAsync(a.Store, request);

        await etcd.KillAsync();
        Directory.Delete(data, recursive: true);
        Directory.Move(copy, data);
        await etcd.StartAgainAsync();

        await EtcdLeases.SoonAsync(async () => await a.Store.RenewAsync(request, grant, CancellationToken.None) is null);
        Assert.Null((await EtcdLeases.AskAsync(a.Store, request)).Grant);
        (_, LeaseGrant next) = await EtcdLeases.TakeSoonAsync(a.Store, request);
        Assert.NotEqual(grant.Epoch.Lineage, next.Epoch.Lineage);
        Assert.Single(a.Told(7003));
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task Who_deletes_the_lineage_by_hand_begins_another_one_and_ends_what_is_held()
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        Host a = new(etcd);
        await EtcdLeases.TakeSoonAsync(a.Store, EtcdLeases.Request("warm") with { Duration = Short });
        LeaseRequest request = EtcdLeases.Request("host-a");
        LeaseGrant grant = await EtcdLeases.TakeAsync(a.Store, request);

        await etcd.ControlAsync("put", "/failover/leases/lineage", "by hand");
        LeaseStoreException told = await Assert.ThrowsAsync<LeaseStoreException>(() => a.Store.RenewAsync(request, grant, CancellationToken.None).AsTask());
        Assert.Contains("delete it", told.Message, StringComparison.Ordinal);
        await etcd.ControlAsync("del", "/failover/leases/lineage");

        Assert.Null(await a.Store.RenewAsync(request, grant, CancellationToken.None));
        Assert.Equal((null, null), await a.Store.TakeAsync(request.By("host-a"), CancellationToken.None) is var answer ? (answer.Grant, answer.Holder) : default);
    }

    private static string ClusterOf(LeaseGrant grant) => grant.Epoch.Lineage[..grant.Epoch.Lineage.LastIndexOf('-')];

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private sealed class Host
    {
        private readonly FakeLogCollector _logs = new();

        internal Host(EtcdServer etcd)
        {
            LoggerFactory loggers = new([new FakeLoggerProvider(_logs)]);
            Store = new(EtcdLeases.At(etcd), TimeProvider.System, loggers);
        }

        internal EtcdLeaseStore Store { get; }

        internal string[] Told(int id) => [.. _logs.GetSnapshot().Where(log => log.Id.Id == id).Select(static log => log.Message)];
    }
}
