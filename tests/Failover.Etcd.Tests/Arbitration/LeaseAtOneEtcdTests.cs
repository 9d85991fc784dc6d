using System.Text;
using Failover.Etcd.Arbitration;
using Failover.TestServers;
using Failover.TestServers.Http;
using Failover.TestServers.Servers;

namespace Failover.Etcd.Tests.Arbitration;

/// <summary>Leases at one real etcd: answers that are lost, users, TLS.</summary>
public sealed class LeaseAtOneEtcdTests
{
    [ServerFact("etcd", "etcdctl")]
    public async Task Whichever_answer_is_lost_the_call_goes_on_at_the_next_endpoint_and_is_done_once()
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        await WarmAsync(EtcdLeases.At(etcd));
        using HttpClient http = new();

        // Take, renew and release ask three times each.
        for (int lost = 1; lost <= 9; lost++)
        {
            int asked = 0;
            RudeServer? self = null;
            await using RudeServer lossy = new(async (path, write, ending) =>
            {
                string request = self!.Requests.Last();
                using StringContent body = new(request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..], Encoding.ASCII, "application/json");
                using HttpResponseMessage answer = await http.PostAsync(new Uri(etcd.Address, path), body, ending);
                if (++asked != lost)
                {
                    await write(RudeServer.Answer(await answer.Content.ReadAsStringAsync(ending), (int)answer.StatusCode));
                }
            });
            self = lossy;
            using EtcdLeaseStore store = new(EtcdLeases.At(lossy.Endpoint, $"{etcd.Address}"));
            LeaseRequest request = EtcdLeases.Request("host-a");

            LeaseGrant grant = await EtcdLeases.TakeAsync(store, request);
            Assert.Equal(grant.Epoch, (await store.RenewAsync(request, grant, CancellationToken.None))?.Epoch);
            await store.ReleaseAsync(request, CancellationToken.None);

            Assert.True(asked >= lost, $"Only {asked} of {lost}.");
            Assert.Null((await EtcdLeases.TakeAsync(store, request.By("host-b"))).Unreleased);
        }
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task What_comes_late_takes_nothing_that_was_given_back()
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        EtcdOptions options = EtcdLeases.At(etcd);
        await WarmAsync(options);
        using EtcdLeaseStore store = new(options);
        using EtcdCalls calls = new(() => options, TimeProvider.System);
        LeaseRequest request = EtcdLeases.Request("host-a");
        LeaseCall call = new(calls, request, new(options.LeasePrefix), CancellationToken.None);
        EtcdLease lease = await call.GrantAsync(EtcdLease.IdOf(request.Attempt), request.Duration);
        EtcdTxn take = new([new IsAbsent(call.Held)], [new TxnPut(call.Held, new LeaseRecord("host-a", request.Attempt).ToBytes(), lease.Id)], []);

        // The arbiter gave it up, and gave it back; a frozen member does only now what it was asked for before.
        await store.ReleaseAsync(request, CancellationToken.None);
        await Assert.ThrowsAsync<LeaseStoreException>(() => call.DoAsync(take));

        await EtcdLeases.TakeAsync(store, request.By("host-b"));
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task A_renewal_that_comes_late_changes_nothing()
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        EtcdOptions options = EtcdLeases.At(etcd);
        await WarmAsync(options);
        using EtcdLeaseStore store = new(options);
        using EtcdCalls calls = new(() => options, TimeProvider.System);
        LeaseRequest request = EtcdLeases.Request("host-a");
        LeaseGrant grant = await EtcdLeases.TakeAsync(store, request);
        LeaseCall call = new(calls, request, new(options.LeasePrefix), CancellationToken.None);
        StoredKey before = (await call.LookAsync()).Held;
        EtcdLease soonOver = await call.GrantAsync(0, TimeSpan.FromSeconds(1));

        await store.RenewAsync(request, grant, CancellationToken.None);
        TxnAnswer late = await call.DoAsync(new([new IsUnchanged(call.Held, before.ModRevision)], [new TxnPut(call.Held, before.Value!, soonOver.Id)], []));

        Assert.False(late.Succeeded);
        Assert.NotEqual(soonOver.Id, (await call.LookAsync()).Held.Lease);
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task A_user_needs_no_more_than_to_read_and_write_under_the_prefix_and_one_who_may_less_gets_nothing()
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        await etcd.ControlAsync("role", "add", "failover");
        await etcd.ControlAsync("role", "grant-permission", "failover", "--prefix=true", "readwrite", "/failover/leases/");
        await etcd.ControlAsync("user", "add", "leases:pencil");
        await etcd.ControlAsync("user", "grant-role", "leases", "failover");
        await etcd.EnableAuthenticationAsync("pencil", "/failover/leases/");
        EtcdOptions options = By("leases", "pencil");
        await WarmAsync(options);
        using EtcdLeaseStore store = new(options);
        LeaseRequest request = EtcdLeases.Request("host-a");
        LeaseGrant grant = await EtcdLeases.TakeAsync(store, request);
        using EtcdLeaseStore waiter = new(By("leases", "pencil"));
        Task waiting = waiter.WaitForChangeAsync(request.Resource, CancellationToken.None).AsTask();
        Assert.Equal(grant.Epoch, (await store.RenewAsync(request, grant, CancellationToken.None))?.Epoch);
        await store.ReleaseAsync(request, CancellationToken.None);
        await waiting.WaitAsync(EtcdLeases.Limit);

        // May read only; is not known; says nothing.
        foreach (EtcdOptions refused in (EtcdOptions[])[By("app", "pencil"), By("leases", "wrong"), By(null, null)])
        {
            using EtcdLeaseStore other = new(refused);
            LeaseStoreException told = await Assert.ThrowsAsync<LeaseStoreException>(() => other.TakeAsync(request.By("host-b"), CancellationToken.None).AsTask());
            Assert.Contains("it answered 4", told.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("pencil", $"{told}", StringComparison.Ordinal);
            Assert.DoesNotContain("wrong", $"{told}", StringComparison.Ordinal);
        }

        await EtcdLeases.TakeAsync(store, request.By("host-c"));

        EtcdOptions By(string? user, string? password)
        {
            EtcdOptions by = EtcdLeases.At(etcd);
            (by.UserName, by.Password) = (user, password);
            return by;
        }
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task Over_TLS_leases_are_kept_and_who_does_not_trust_the_authority_gets_nothing()
    {
        await using EtcdServer etcd = await EtcdServer.StartWithTlsAsync();
        EtcdOptions trusting = EtcdLeases.At(etcd);
        trusting.CertificateAuthorityPath = etcd.CertificatePath;
        await WarmAsync(trusting);
        using EtcdLeaseStore store = new(trusting);
        LeaseRequest request = EtcdLeases.Request("host-a");
        LeaseGrant grant = await EtcdLeases.TakeAsync(store, request);
        Assert.Equal(grant.Epoch, (await store.RenewAsync(request, grant, CancellationToken.None))?.Epoch);

        using EtcdLeaseStore stranger = new(EtcdLeases.At(etcd));
        LeaseStoreException told = await Assert.ThrowsAsync<LeaseStoreException>(() => stranger.TakeAsync(request.By("host-b"), CancellationToken.None).AsTask());
        Assert.Contains("SecureConnectionError", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_read_is_told()
    {
        EtcdOptions options = EtcdLeases.At("https://127.0.0.1:1");
        options.CertificateAuthorityPath = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.pem");
        using EtcdLeaseStore store = new(options);

        LeaseStoreException told = await Assert.ThrowsAsync<LeaseStoreException>(() => store.TakeAsync(EtcdLeases.Request("host-a"), CancellationToken.None).AsTask());

        Assert.Contains("a certificate of the settings cannot be read (FileNotFoundException)", told.Message, StringComparison.Ordinal);
    }

    /// <summary>Waits until the etcd is no longer new.</summary>
    private static async Task WarmAsync(EtcdOptions options)
    {
        using EtcdLeaseStore store = new(options);
        (LeaseRequest warm, _) = await EtcdLeases.TakeSoonAsync(store, EtcdLeases.Request("warm") with { Duration = TimeSpan.FromSeconds(1) });
        await store.ReleaseAsync(warm, CancellationToken.None);
    }
}
