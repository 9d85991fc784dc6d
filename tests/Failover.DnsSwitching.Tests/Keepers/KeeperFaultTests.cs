using Failover.TestServers;
using Failover.TestServers.Dns;
using Failover.TestServers.Network;
using Failover.TestServers.Servers;

namespace Failover.DnsSwitching.Tests.Keepers;

/// <summary>Two processes keep one name under a lease of a real etcd, at a real BIND whose journal is the judge: one move for each incident, whatever happens to who makes it.</summary>
[Collection("kept names")]
public sealed class KeeperFaultTests(SharedNameServers servers) : IAsyncLifetime
{
    private EtcdServer _etcd = null!;
    private KeeperPair _pair = null!;

    public async Task InitializeAsync()
    {
        _etcd = await EtcdServer.StartAsync();
        _pair = await KeeperPair.StartAsync((await servers.PairAsync()).Primary, _etcd);
    }

    public async Task DisposeAsync()
    {
        await _pair.DisposeAsync();
        await _etcd.DisposeAsync();
    }

    [ServerFact("named", "dig", "nsupdate", "named-journalprint", "etcd")]
    public async Task A_server_that_is_killed_is_left_once_and_both_follow()
    {
        await _pair.First.KillAsync();

        await _pair.AnswersAsync(NameKeeperProcess.Targets[1]);
        foreach (NameKeeperProcess keeper in _pair.Keepers)
        {
            await KeeperPair.StandsOnAsync(keeper, "server-2");
        }

        Assert.Equal(["A 192.0.2.2"], await _pair.MovesAsync());
        Assert.Single(await _pair.TokensAsync());
    }

    [ServerFact("named", "dig", "nsupdate", "named-journalprint", "etcd")]
    public async Task When_the_holder_is_killed_the_other_makes_the_next_move_under_a_higher_token()
    {
        int holder = await MovedAndMendedAsync();

        await _pair.Keepers[holder].KillAsync();
        await _pair.Second.KillAsync();

        await _pair.AnswersAsync(NameKeeperProcess.Targets[0]);
        Assert.Equal(["A 192.0.2.2", "A 192.0.2.1"], await _pair.MovesAsync());
        long[] tokens = await _pair.TokensAsync();
        Assert.True(tokens is [var before, var after] && after > before, string.Join(", ", tokens));
    }

    [ServerFact("named", "dig", "nsupdate", "named-journalprint", "etcd")]
    public async Task A_holder_that_was_frozen_for_twice_its_lease_changes_nothing_when_it_wakes_up()
    {
        int holder = await MovedAndMendedAsync();

        // What it writes has left it, and reaches the name server when the other has acted.
        UpdateRelay path = _pair.ToBind[holder];
        path.HoldUpdates();
        await _pair.Second.KillAsync();
        await KeeperPair.ReachesAsync(() => path.HeldUpdates, 1, "updates on their way");
        _pair.Keepers[holder].Freeze();
        await KeeperPair.EtcdWaitsAsync(_etcd, 2 * KeeperPair.Lease);
        await _pair.AnswersAsync(NameKeeperProcess.Targets[0]);
        int answered = path.Answered;
        path.Release();
        await KeeperPair.ReachesAsync(() => path.Answered, answered + 1, "answers to updates");
        _pair.Keepers[holder].Thaw();
        await KeeperPair.StandsOnAsync(_pair.Keepers[holder], "server-1");

        Assert.Equal(["A 192.0.2.2", "A 192.0.2.1"], await _pair.MovesAsync());
        long[] tokens = await _pair.TokensAsync();
        Assert.True(tokens is [var before, var after] && after > before, string.Join(", ", tokens));
    }

    [ServerFact("named", "dig", "nsupdate", "named-journalprint", "etcd")]
    public async Task A_holder_that_is_cut_off_from_etcd_moves_nothing_and_the_other_does()
    {
        await _pair.First.KillAsync();
        await _pair.AnswersAsync(NameKeeperProcess.Targets[1]);
        int holder = await _pair.HolderAsync();

        // Right after its move: it has not given the lease back, as it does after a while.
        await _pair.ToEtcd[holder].BecomeAsync(RelayMode.Blackhole);
        await KeeperPair.SaysAsync(_pair.Keepers[holder], _pair.Keepers[holder].Output.Count, "lost the lease", "gives the lease");
        await _pair.First.StartAgainAsync();
        await KeeperPair.SaysAsync(_pair.Keepers[1 - holder], "server-1 of site is healthy");
        await _pair.Second.KillAsync();

        await _pair.AnswersAsync(NameKeeperProcess.Targets[0]);
        Assert.Equal(["A 192.0.2.2", "A 192.0.2.1"], await _pair.MovesAsync());
        long[] tokens = await _pair.TokensAsync();
        Assert.True(tokens is [var before, var after] && after > before, string.Join(", ", tokens));
        Assert.Single(_pair.Keepers[holder].Output, static line => line.Contains("[12000]", StringComparison.Ordinal));
    }

    [ServerFact("named", "dig", "nsupdate", "named-journalprint", "etcd")]
    public async Task A_holder_that_cannot_reach_the_name_server_lets_the_other_make_the_move()
    {
        int holder = await MovedAndMendedAsync();

        int before = _pair.Keepers[holder].Output.Count;
        await _pair.ToBind[holder].DisposeAsync();
        await _pair.Second.KillAsync();

        await _pair.AnswersAsync(NameKeeperProcess.Targets[0]);
        Assert.Equal(["A 192.0.2.2", "A 192.0.2.1"], await _pair.MovesAsync());
        Assert.Single(_pair.Keepers[holder].Output, static line => line.Contains("[12000]", StringComparison.Ordinal));

        // It did not keep the lease through tries that all failed, until a rest.
        string[] told = [.. _pair.Keepers[holder].Output.Skip(before)];
        int failed = Array.FindIndex(told, static line => line.Contains("[1019]", StringComparison.Ordinal));
        Assert.DoesNotContain(told.Skip(failed < 0 ? told.Length : failed), static line => line.Contains("[1037]", StringComparison.Ordinal));
    }

    [ServerFact("named", "dig", "nsupdate", "named-journalprint", "etcd")]
    public async Task A_holder_that_is_killed_before_it_hears_that_its_move_was_made_is_followed_and_the_move_is_made_once()
    {
        int holder = await MovedAndMendedAsync();
        await KeeperPair.StandsOnAsync(_pair.Keepers[1 - holder], "server-2");

        UpdateRelay path = _pair.ToBind[holder];
        path.HoldAnswers();
        await _pair.Second.KillAsync();
        await KeeperPair.ReachesAsync(() => path.HeldAnswers, 1, "answers on their way");
        await _pair.Keepers[holder].KillAsync();

        await KeeperPair.StandsOnAsync(_pair.Keepers[1 - holder], "server-1");
        await KeeperPair.EtcdWaitsAsync(_etcd, 2 * KeeperPair.Lease);
        Assert.Equal(["A 192.0.2.2", "A 192.0.2.1"], await _pair.MovesAsync());
        Assert.DoesNotContain(_pair.Keepers[1 - holder].Output, static line => line.Contains("[12000]", StringComparison.Ordinal));
    }

    /// <summary>The first server is killed, the name moves, and the server is there again.</summary>
    /// <returns>The keeper that moved the name.</returns>
    private async Task<int> MovedAndMendedAsync()
    {
        await _pair.First.KillAsync();
        await _pair.AnswersAsync(NameKeeperProcess.Targets[1]);
        int holder = await _pair.HolderAsync();
        await _pair.First.StartAgainAsync();
        await KeeperPair.SaysAsync(_pair.Keepers[1 - holder], "server-1 of site is healthy");
        return holder;
    }
}
