using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Failover.Redis.Resp;
using Failover.Redis.Sets;
using Failover.TestServers;
using Failover.TestServers.Sentinel;

namespace Failover.Redis.Tests.Sentinel;

/// <summary>Against real sentinels and nodes.</summary>
[Collection(OnSentinels.Name)]
public class SentinelWatchOnSetTests(SharedSentinels shared)
{
    [ServerFact("redis-server")]
    public async Task A_planned_failover_is_a_hold_and_then_a_binding_at_a_higher_epoch_and_the_next_one_too()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode first = await set.WaitForMasterAsync();
        await using WatchedGroup watched = WatchedGroup.Start(set);
        await watched.UntilActiveAsync(first);
        await watched.UntilAsync(() => watched.View.Sentinels.All(static one => one is { Word: not null, Deafness: null }) && watched.Group.Snapshot.Members.Length == 3);
        Epoch epoch = watched.View.Epoch!.Value;

        RedisNode second = await set.SwitchAsync();
        await watched.UntilActiveAsync(second);
        RedisNode third = await set.SwitchAsync();
        await watched.UntilActiveAsync(third);

        IReadOnlyList<Hint> hints = [.. watched.Hints.Where(static hint => hint.Kind == HintKind.Hold || hint.QuorumEpoch is not null).Skip(1)];
        Assert.Equal([HintKind.Hold, HintKind.LookNow, HintKind.Hold, HintKind.LookNow], hints.Select(static hint => hint.Kind));
        Assert.Equal([first, second, second, third], hints.Select(hint => set.Nodes.Single(node => WatchedGroup.MemberOf(node).Equals(hint.Member))));
        Assert.True(hints[1].QuorumEpoch!.Value.Number > epoch.Number && hints[3].QuorumEpoch!.Value.Number > hints[1].QuorumEpoch!.Value.Number);
        Assert.Equal(epoch.Lineage, hints[3].QuorumEpoch!.Value.Lineage);
        Assert.Equal(2, watched.Cuts.Count);
        Assert.Equal(3, watched.Group.Snapshot.Members.Length);
    }

    [ServerFact("redis-server")]
    public async Task After_a_crash_the_master_that_most_name_is_followed()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode old = await set.WaitForMasterAsync();
        await using WatchedGroup watched = WatchedGroup.Start(set);
        await watched.UntilActiveAsync(old);

        await old.KillAsync();
        RedisNode next = await set.WaitForMasterAsync(otherThan: old);

        await watched.UntilActiveAsync(next);
        await old.StartAgainAsync();
        Assert.True((await old.StateAsync())!.IsMaster);
        await watched.UntilAsync(() => watched.Group.Snapshot.Members.Single(one => one.Member.Equals(WatchedGroup.MemberOf(old))).Verdict == Verdict.Healthy);
        await watched.UntilActiveAsync(next);
        Assert.DoesNotContain("SplitBrain", watched.AllTold, StringComparison.Ordinal);
    }

    [ServerFact("redis-server")]
    public async Task A_node_that_a_dying_leader_promoted_is_never_taken_before_most_name_it()
    {
        SentinelSet set = await shared.HealthyAsync();
        await using WatchedGroup watched = WatchedGroup.Start(set);
        await watched.UntilActiveAsync(await set.WaitForMasterAsync());

        (RedisNode promoted, _) = await set.KillLeaderAfterPromotionAsync();
        RedisNode named = await set.WaitForMasterAsync();
        bool wasTaken = false;
        await LookEachAsync(set, milliseconds: 1000);
        Task demoted = promoted.WaitAsync(static state => !state.IsMaster, TimeSpan.FromSeconds(30));
        await watched.UntilAsync(() =>
        {
            wasTaken |= WatchedGroup.MemberOf(promoted).Equals(watched.Group.Snapshot.Active);
            return demoted.IsCompleted;
        });
        await demoted;
        await LookEachAsync(set, milliseconds: 10_000);

        Assert.False(wasTaken);
        Assert.NotSame(promoted, named);
        await watched.UntilActiveAsync(named);
    }

    [ServerFact("redis-server")]
    public async Task Fast_takes_it_and_goes_back_with_a_warning_when_it_is_demoted()
    {
        SentinelSet set = await shared.HealthyAsync();
        await using WatchedGroup watched = WatchedGroup.Start(set, new() { Promotion = RedisPromotion.Fast });
        await watched.UntilActiveAsync(await set.WaitForMasterAsync());
        await watched.UntilAsync(() => watched.Group.Snapshot.Members.Length == 3);

        (RedisNode promoted, _) = await set.KillLeaderAfterPromotionAsync();
        await watched.UntilActiveAsync(promoted);
        await LookEachAsync(set, milliseconds: 1000);
        await promoted.WaitAsync(static state => !state.IsMaster, TimeSpan.FromSeconds(30));
        await LookEachAsync(set, milliseconds: 10_000);

        await watched.UntilActiveAsync(await set.WaitForMasterAsync());
        Assert.Contains("PinLost", watched.Told);
        Assert.DoesNotContain("SplitBrain", watched.AllTold, StringComparison.Ordinal);
    }

    [ServerFact("redis-server")]
    public async Task With_two_of_three_sentinels_down_nothing_changes_and_it_is_told()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode master = await set.WaitForMasterAsync();
        await using WatchedGroup watched = WatchedGroup.Start(set);
        await watched.UntilActiveAsync(master);
        await watched.UntilAsync(() => watched.View.Heard == 3);
        Epoch? epoch = watched.View.Epoch;

        await Task.WhenAll(set.Sentinels.Take(2).Select(static sentinel => sentinel.KillAsync()));
        await watched.UntilAsync(() => !watched.View.HasMajority && watched.Told.Contains("SentinelMajorityLost"));

        Assert.Equal((GroupCondition.Settled, WatchedGroup.MemberOf(master), epoch), (watched.Group.Snapshot.Condition, watched.Group.Snapshot.Active, watched.Group.Snapshot.Epoch));
        Assert.Equal((3, 1), (watched.View.Known, watched.View.Heard));
        await set.RestoreAsync();
        await watched.UntilAsync(() => watched.View.Heard == 3 && watched.Told.Contains("SentinelMajorityBack"));
        Assert.Equal((GroupCondition.Settled, WatchedGroup.MemberOf(master), epoch), (watched.Group.Snapshot.Condition, watched.Group.Snapshot.Active, watched.Group.Snapshot.Epoch));
    }

    [ServerFact("redis-server")]
    public async Task A_rebuilt_set_is_another_lineage_and_its_master_is_taken_when_somebody_trusts_it()
    {
        SentinelSet set = await shared.HealthyAsync();
        await using WatchedGroup watched = WatchedGroup.Start(set);
        await watched.UntilActiveAsync(await set.SwitchAsync());
        Epoch before = watched.View.Epoch!.Value;

        await set.RebuildAsync();
        await watched.UntilAsync(() => watched.View.Epoch is { Number: 0 } && watched.Group.Snapshot.Reason?.Contains("another lineage", StringComparison.Ordinal) == true);

        Assert.Null(watched.Group.Snapshot.Active);
        Assert.NotEqual(before.Lineage, watched.View.Epoch!.Value.Lineage);
        Assert.Contains("SentinelsRebuilt", watched.Told);
        watched.Group.TrustLineage(watched.View.Epoch.Value.Lineage);
        await watched.UntilActiveAsync(set.Nodes[0]);
    }

    [ServerFact("redis-server")]
    public async Task A_failover_that_comes_to_nothing_ends_the_hold()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode master = await set.WaitForMasterAsync();
        await using WatchedGroup watched = WatchedGroup.Start(set);
        await watched.UntilActiveAsync(master);

        await set.AbortFailoverAsync();

        await watched.UntilAsync(() => watched.Hints.Any(static hint => hint.Kind == HintKind.Hold && hint.HoldFor == TimeSpan.Zero));
        Assert.Equal([TimeSpan.FromSeconds(5), TimeSpan.Zero], watched.Hints.Where(static hint => hint.Kind == HintKind.Hold).Select(static hint => hint.HoldFor));
        await watched.UntilActiveAsync(master);
    }

    [ServerFact("redis-server")]
    public async Task Nodes_behind_other_addresses_are_reached_by_those_of_the_settings()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode master = await set.WaitForMasterAsync();
        await using WatchedGroup watched = WatchedGroup.Start(set, new()
        {
            Allowed = AllowedMembers.Of(["10.0.0.0/8"], [], onAnyPort: true, verifiesFully: false),
            AddressMap = set.Nodes.ToImmutableDictionary(static node => $"{node.Host}:{node.Port}", static node => $"{node.Host}:{node.Relay.Port}"),
        });

        await watched.UntilAsync(() => watched.Group.Snapshot is { Condition: GroupCondition.Settled, Members.Length: 3 });

        Assert.Equal(master.Relay.Port, watched.Group.Snapshot.Active!.Address.Port);
        Assert.Equal(set.Nodes.Select(static node => node.Relay.Port).Order(), watched.Group.Snapshot.Members.Select(static one => one.Member.Address.Port).Order());
    }

    [ServerFact("redis-server")]
    public async Task The_documented_rules_are_enough_for_the_user_of_the_sentinels_and_one_without_messages_is_told()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode master = await set.WaitForMasterAsync();
        foreach (SentinelNode sentinel in set.Sentinels)
        {
            await sentinel.AskAsync(["ACL", "SETUSER", "watch", "reset", "on", ">w", .. SentinelUsers.WatcherRights]);
            await sentinel.AskAsync(["ACL", "SETUSER", "deaf", "reset", "on", ">w", .. SentinelUsers.WatcherRights, "-subscribe"]);
        }

        await using WatchedGroup watched = WatchedGroup.Start(set, new() { SentinelUser = "watch", SentinelPassword = "w" });
        await watched.UntilAsync(() => watched.View.Heard == 3 && watched.View.Sentinels.All(static one => one is { Silence: null, Deafness: null }));
        await watched.UntilActiveAsync(master);
        await using WatchedGroup deaf = WatchedGroup.Start(set, new() { SentinelUser = "deaf", SentinelPassword = "w" });
        await deaf.UntilActiveAsync(master);
        await deaf.UntilAsync(() => deaf.Told.Count(static name => name == "SentinelUnheard") == 3);

        await using WatchedGroup wrong = WatchedGroup.Start(set, new() { SentinelUser = "watch", SentinelPassword = "Gr4nite-and-moss" });
        await wrong.UntilAsync(() => wrong.Told.Count(static name => name == "SentinelSilent") == 3);
        Assert.DoesNotContain("Gr4nite", wrong.AllTold + string.Join(' ', wrong.View.Sentinels), StringComparison.Ordinal);
        Assert.Contains("WRONGPASS", wrong.AllTold, StringComparison.Ordinal);

        RedisNode next = await set.SwitchAsync();
        await watched.UntilActiveAsync(next);
        await deaf.UntilActiveAsync(next);
        Assert.Single(watched.Hints, static hint => hint.Kind == HintKind.Hold);
    }

    [ServerFact("redis-server")]
    public async Task Sentinels_with_passwords_and_TLS_are_followed_and_Fast_needs_no_majority_where_nobody_dies()
    {
        await using SentinelSet set = await SentinelSet.StartAsync(new() { Tls = true, Passwords = true });
        RedisNode master = await set.WaitForMasterAsync();
        using X509Certificate2 root = X509CertificateLoader.LoadCertificateFromFile(set.RootCertificateFile);
        X509ChainPolicy chain = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { root } };
        await using WatchedGroup watched = WatchedGroup.Start(set, new()
        {
            Promotion = RedisPromotion.Fast,
            Tls = host => new SslClientAuthenticationOptions { TargetHost = host, CertificateChainPolicy = chain },
        });
        await watched.UntilActiveAsync(master);
        await watched.UntilAsync(() => watched.Group.Snapshot.Members.Length == 3 && watched.View.Sentinels.All(static one => one is { Word: not null, Deafness: null }));
        Epoch before = watched.View.Epoch!.Value;

        await set.RequestFailoverAsync();
        await watched.UntilAsync(() => watched.View.Pinned is not null || watched.View.Epoch!.Value.Number > before.Number);
        RedisNode next = await set.WaitForMasterAsync(otherThan: master);
        await watched.UntilAsync(() => watched.Hints.Any(hint => hint.QuorumEpoch is { } bound && bound.Number > before.Number));
        await watched.UntilActiveAsync(next);

        Assert.Contains("MasterPinned", watched.Told);
        Assert.DoesNotContain("PinLost", watched.Told);
        Assert.Null(watched.View.Pinned);
        Assert.DoesNotContain("SplitBrain", watched.AllTold, StringComparison.Ordinal);
    }

    /// <summary>Lets the sentinels ask the nodes for their roles more often, so that the test need not wait as long; 10 s is what they do by themselves.</summary>
    private static async Task LookEachAsync(SentinelSet set, int milliseconds) => await Task.WhenAll(set.Sentinels.Where(static sentinel => sentinel.IsRunning).Select(sentinel => sentinel.AskAsync("SENTINEL", "DEBUG", "info-period", $"{milliseconds}")));
}
