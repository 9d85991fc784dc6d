using System.Globalization;
using System.Net;
using System.Text.Json;
using Failover.Etcd.Arbitration;
using Failover.TestServers;
using Failover.TestServers.Servers;

namespace Failover.Etcd.Tests.Arbitration;

/// <summary>Leases while members of a real cluster freeze and die.</summary>
[Collection(OnEtcd.Name)]
public sealed class LeaseOnClusterTests(SharedEtcd shared)
{
    [ServerFact("etcd", "etcdctl")]
    public async Task A_frozen_member_is_left_for_another_within_one_call()
    {
        IReadOnlyList<EtcdServer> members = await shared.HealthyAsync();
        EtcdServer leader = await SharedEtcd.LeaderAsync(members);
        EtcdServer frozen = members.First(member => member != leader);
        using EtcdLeaseStore store = new(EtcdLeases.At([frozen, leader]));
        LeaseRequest request = EtcdLeases.Request("host-a");
        frozen.Freeze();

        LeaseGrant grant = await EtcdLeases.TakeAsync(store, request);

        Assert.Equal(grant.Epoch, (await store.RenewAsync(request, grant, CancellationToken.None))?.Epoch);
        await store.ReleaseAsync(request, CancellationToken.None);
        await EtcdLeases.TakeAsync(store, request.By("host-b"));
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task Of_two_members_frozen_each_call_ends_by_itself_and_nothing_is_granted_or_lost()
    {
        IReadOnlyList<EtcdServer> members = await shared.HealthyAsync();
        using EtcdLeaseStore a = new(EtcdLeases.At([.. members]));
        using EtcdLeaseStore b = new(EtcdLeases.At([.. members]));
        LeaseRequest held = EtcdLeases.Request("host-a");
        LeaseGrant grant = await EtcdLeases.TakeAsync(a, held);
        LeaseRequest free = EtcdLeases.Request("host-b") with { Duration = TimeSpan.FromSeconds(3) };
        members[0].Freeze();
        members[1].Freeze();

        // Nobody cancels them.
        Task[] calls =
        [
            b.TakeAsync(free, CancellationToken.None).AsTask(),
            b.TakeAsync(held.By("host-b") with { Duration = free.Duration }, CancellationToken.None).AsTask(),
            a.RenewAsync(held with { Duration = free.Duration }, grant, CancellationToken.None).AsTask(),
            b.ReleaseAsync(free, CancellationToken.None).AsTask(),
        ];
        foreach (Task call in calls)
        {
            LeaseStoreException told = await Assert.ThrowsAsync<LeaseStoreException>(() => call.WaitAsync(EtcdLeases.Limit));
            Assert.StartsWith("etcd at 127.0.0.1:", told.Message, StringComparison.Ordinal);
        }

        members[0].Thaw();
        members[1].Thaw();
        await EtcdLeases.SoonAsync(async () => (await a.RenewAsync(held, grant, CancellationToken.None))?.Epoch == grant.Epoch);
        Assert.Equal("host-a", (await b.TakeAsync(held.By("host-b"), CancellationToken.None)).Holder);
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task A_lease_that_is_renewed_outlives_the_leader_that_is_killed_meanwhile()
    {
        IReadOnlyList<EtcdServer> members = await shared.HealthyAsync();
        using EtcdLeaseStore a = new(EtcdLeases.At([.. members]));
        using EtcdLeaseStore b = new(EtcdLeases.At([.. members]));
        LeaseRequest request = EtcdLeases.Request("host-a");
        LeaseGrant grant = await EtcdLeases.TakeAsync(a, request);
        EtcdServer leader = await SharedEtcd.LeaderAsync(members);
        int renewals = 0;
        Task renewing = EtcdLeases.SoonAsync(async () =>
        {
            Assert.Equal(grant.Epoch, (await a.RenewAsync(request, grant, CancellationToken.None))?.Epoch);
            return ++renewals >= 40;
        });

        await EtcdLeases.SoonAsync(() => Task.FromResult(Volatile.Read(ref renewals) > 3));
        await leader.KillAsync();
        await renewing;

        Assert.Equal("host-a", (await b.TakeAsync(request.By("host-b"), CancellationToken.None)).Holder);
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task A_former_leader_that_wakes_up_and_revokes_what_has_run_out_by_its_own_count_takes_nothing_away_that_was_renewed()
    {
        IReadOnlyList<EtcdServer> members = await shared.HealthyAsync();
        EtcdServer leader = await SharedEtcd.LeaderAsync(members);
        using EtcdLeaseStore store = new(EtcdLeases.At([.. members.Where(member => member != leader)]));
        (LeaseRequest request, LeaseGrant grant) = await EtcdLeases.TakeSoonAsync(store, EtcdLeases.Request("host-a"));
        long first = await LeaseIdAsync(members[0], request);
        Assert.Equal(grant.Epoch, (await store.RenewAsync(request, grant, CancellationToken.None))?.Epoch);

        // What it does as it wakes up, now and then: it revokes the leases that have run out by its own count, whatever became of them under the new leader.
        await members[0].ControlAsync("lease", "revoke", first.ToString("x", CultureInfo.InvariantCulture));

        Assert.NotEqual(first, await LeaseIdAsync(members[0], request));
        Assert.Equal(grant.Epoch, (await store.RenewAsync(request, grant, CancellationToken.None))?.Epoch);
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task Who_waits_at_a_member_that_freezes_or_has_lost_the_others_hears_of_the_release_all_the_same()
    {
        IReadOnlyList<EtcdServer> members = await shared.HealthyAsync();
        EtcdServer leader = await SharedEtcd.LeaderAsync(members);
        EtcdServer first = members.First(member => member != leader);
        EtcdServer last = members.Last(member => member != leader && member != first);
        using EtcdLeaseStore holder = new(EtcdLeases.At(leader));
        using EtcdLeaseStore waiter = new(EtcdLeases.At([first, leader]));
        LeaseRequest request = EtcdLeases.Request("host-a");
        await EtcdLeases.TakeAsync(holder, request);

        Task waiting = waiter.WaitForChangeAsync(request.Resource, CancellationToken.None).AsTask();
        first.Freeze();
        await holder.ReleaseAsync(request, CancellationToken.None);
        await waiting.WaitAsync(EtcdLeases.Limit);

        // Alone it has no majority, as behind a cut of the network; its watch would stay open and silent.
        first.Thaw();
        (LeaseRequest again, _) = await EtcdLeases.TakeSoonAsync(holder, request);
        using EtcdLeaseStore lonely = new(EtcdLeases.At(first));
        using CancellationTokenSource soon = new(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lonely.WaitForChangeAsync(again.Resource, soon.Token).AsTask());
        leader.Freeze();
        last.Freeze();
        waiting = lonely.WaitForChangeAsync(again.Resource, CancellationToken.None).AsTask();
        leader.Thaw();
        last.Thaw();
        await EtcdLeases.SoonAsync(async () =>
        {
            await holder.ReleaseAsync(again, CancellationToken.None);
            return true;
        });
        await waiting.WaitAsync(EtcdLeases.Limit);
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task Who_waits_for_a_lease_that_is_free_already_is_told_at_once_and_then_only_of_changes()
    {
        IReadOnlyList<EtcdServer> members = await shared.HealthyAsync();
        using EtcdLeaseStore store = new(EtcdLeases.At([.. members]));
        LeaseRequest request = EtcdLeases.Request("host-a");

        await store.WaitForChangeAsync(request.Resource, CancellationToken.None).AsTask().WaitAsync(EtcdLeases.Limit);
        Task waiting = store.WaitForChangeAsync(request.Resource, CancellationToken.None).AsTask();
        using EtcdLeaseStore other = new(EtcdLeases.At([.. members]));
        await EtcdLeases.TakeAsync(other, EtcdLeases.Request("host-b"));
        Assert.False(waiting.IsCompleted);

        await EtcdLeases.TakeAsync(other, request);
        await waiting.WaitAsync(EtcdLeases.Limit);
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task A_lease_that_has_run_out_is_over_though_etcd_answers_200_to_its_keepalive()
    {
        IReadOnlyList<EtcdServer> members = await shared.HealthyAsync();
        using EtcdLeaseStore store = new(EtcdLeases.At([.. members]));
        LeaseRequest request = EtcdLeases.Request("host-a") with { Duration = TimeSpan.FromSeconds(1) };
        LeaseGrant grant = await EtcdLeases.TakeAsync(store, request);
        Assert.True(grant.Duration >= request.Duration);
        long lease = EtcdLease.IdOf(request.Attempt);
        using HttpClient http = new() { BaseAddress = members[0].Address };
        string told = "";
        await EtcdLeases.SoonAsync(async () =>
        {
            using HttpResponseMessage left = await http.PostAsync(new Uri("/v3/lease/timetolive", UriKind.Relative), new StringContent($$"""{"ID":"{{lease}}"}"""));
            return (await left.Content.ReadAsStringAsync()).Contains("\"TTL\":\"-1\"", StringComparison.Ordinal);
        });

        using HttpResponseMessage kept = await http.PostAsync(new Uri("/v3/lease/keepalive", UriKind.Relative), new StringContent($$"""{"ID":"{{lease}}"}"""));
        told = await kept.Content.ReadAsStringAsync();

        Assert.Equal((HttpStatusCode.OK, false), (kept.StatusCode, told.Contains("TTL", StringComparison.Ordinal)));
        Assert.Null(await store.RenewAsync(request, grant, CancellationToken.None));
        Assert.Equal("host-a", (await EtcdLeases.TakeAsync(store, request.By("host-b"))).Unreleased);
    }

    [ServerTheory("etcd", "etcdctl")]
    [InlineData("del")]
    [InlineData("put", "by hand")]
    [InlineData("put", "{\"holder\":\"host-z\",\"attempt\":\"00000000-0000-0000-0000-000000000001\"}")]
    public async Task A_lease_whose_key_was_deleted_or_overwritten_by_hand_is_over(params string[] command)
    {
        IReadOnlyList<EtcdServer> members = await shared.HealthyAsync();
        using EtcdLeaseStore store = new(EtcdLeases.At([.. members]));
        LeaseRequest request = EtcdLeases.Request("host-a");
        LeaseGrant grant = await EtcdLeases.TakeAsync(store, request);
        string key = new LeaseNames("/failover/leases").Held(request.Resource);

        await members[0].ControlAsync([command[0], key, .. command[1..]]);

        Assert.Null(await store.RenewAsync(request, grant, CancellationToken.None));
        await store.ReleaseAsync(request, CancellationToken.None);
        Assert.Equal(command is ["del"], (await store.TakeAsync(request.By("host-b"), CancellationToken.None)).Grant is { } next && next.Epoch.Number > grant.Epoch.Number);
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task Etcd_takes_each_message_as_it_is_meant_and_the_key_goes_under_a_lease_of_the_duration_that_was_asked_for()
    {
        IReadOnlyList<EtcdServer> members = await shared.HealthyAsync();
        using EtcdLeaseStore store = new(EtcdLeases.At([.. members]));
        LeaseRequest request = EtcdLeases.Request("host-a") with { Duration = TimeSpan.FromSeconds(76.2) };
        LeaseGrant grant = await EtcdLeases.TakeAsync(store, request);
        Assert.Equal(TimeSpan.FromSeconds(77), grant.Duration);

        long first = await LeaseIdAsync(members[0], request);
        Assert.Equal(EtcdLease.IdOf(request.Attempt), first);
        Assert.Contains("granted with TTL(77s)", await members[0].ControlAsync("lease", "timetolive", first.ToString("x", CultureInfo.InvariantCulture)), StringComparison.Ordinal);

        await store.RenewAsync(request, grant, CancellationToken.None);
        long second = await LeaseIdAsync(members[0], request);
        Assert.NotEqual(first, second);
        Assert.Contains("granted with TTL(77s)", await members[0].ControlAsync("lease", "timetolive", second.ToString("x", CultureInfo.InvariantCulture)), StringComparison.Ordinal);
        using JsonDocument key = await KeyAsync(members[0], request);
        Assert.Equal(grant.Epoch.Number, key.RootElement.GetProperty("kvs")[0].GetProperty("create_revision").GetInt64());

        await store.ReleaseAsync(request, CancellationToken.None);
        Assert.Equal("", await members[0].ControlAsync("get", "--prefix", $"/failover/leases/held/{Uri.EscapeDataString(request.Resource)}"));
        Assert.Equal("", await members[0].ControlAsync("get", "--prefix", $"/failover/leases/last/{Uri.EscapeDataString(request.Resource)}"));
        Assert.Contains("already expired", await members[0].ControlAsync("lease", "timetolive", first.ToString("x", CultureInfo.InvariantCulture)), StringComparison.Ordinal);
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task Who_waits_in_turn_asks_etcd_for_no_lease_and_writes_nothing()
    {
        IReadOnlyList<EtcdServer> members = await shared.HealthyAsync();
        using EtcdLeaseStore store = new(EtcdLeases.At([.. members]));
        LeaseRequest request = EtcdLeases.Request("host-a");
        await EtcdLeases.TakeAsync(store, request);
        string before = await members[0].ControlAsync("lease", "list");

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("host-a", (await store.TakeAsync(request.By("host-b"), CancellationToken.None)).Holder);
        }

        string[] more = [.. (await members[0].ControlAsync("lease", "list")).Split('\n').Skip(1).Except(before.Split('\n'))];
        Assert.Empty(more);
    }

    [ServerFact("etcd", "etcdctl")]
    public async Task A_resource_may_bear_the_name_of_anything_that_etcd_keeps_for_leases()
    {
        using EtcdLeaseStore store = new(EtcdLeases.At([.. await shared.HealthyAsync()]));
        foreach (string name in (string[])["lineage", "quarantine", "../lineage", "held/a", "\0", "\uD800", "%"])
        {
            LeaseRequest request = EtcdLeases.Request("host-a") with { Resource = name };
            await EtcdLeases.TakeAsync(store, request);
            Assert.Equal("host-a", (await store.TakeAsync(request.By("host-b"), CancellationToken.None)).Holder);
            await store.ReleaseAsync(request, CancellationToken.None);
        }

        await EtcdLeases.TakeAsync(store, EtcdLeases.Request("host-a"));
    }

    private static async Task<JsonDocument> KeyAsync(EtcdServer etcd, LeaseRequest request) =>
        JsonDocument.Parse(await etcd.ControlAsync("get", new LeaseNames("/failover/leases").Held(request.Resource), "--write-out", "json"));

    private static async Task<long> LeaseIdAsync(EtcdServer etcd, LeaseRequest request)
    {
        using JsonDocument told = await KeyAsync(etcd, request);
        return told.RootElement.GetProperty("kvs")[0].GetProperty("lease").GetInt64();
    }
}
