using Failover.TestServers;
using Failover.TestServers.Dns;
using Failover.TestServers.Network;
using Failover.TestServers.Servers;

namespace Failover.DnsSwitching.Tests.Keepers;

/// <summary>Two processes keep one name under a lease of a real etcd, at a real BIND whose journal is the judge: one move for each incident, whatever happens to who makes it.</summary>
[Collection("name servers")]
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
            await KeeperPair.SaysAsync(keeper, "Settled; active: server-2");
        }

        Assert.Equal(["A 192.0.2.2"], await _pair.MovesAsync());
        Assert.Single(await _pair.TokensAsync());
    }

    [ServerFact("named", "dig", "nsupdate", "named-journalprint", "etcd")]
    public async Task When_the_holder_is_killed_the_other_makes_the_next_move_under_a_higher_token()
    {
        await _pair.First.KillAsync();
        await _pair.AnswersAsync(NameKeeperProcess.Targets[1]);
        int holder = await _pair.HolderAsync();
        await _pair.First.StartAgainAsync();
        await KeeperPair.SaysAsync(_pair.Keepers[1 - holder], "server-1 of site is healthy");

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
        await _pair.First.KillAsync();
        await _pair.AnswersAsync(NameKeeperProcess.Targets[1]);
        int holder = await _pair.HolderAsync();
        await _pair.First.StartAgainAsync();
        await KeeperPair.SaysAsync(_pair.Keepers[1 - holder], "server-1 of site is healthy");

        // What it is about to write is on its way, and does not come through before the other has acted.
        await _pair.ToBind[holder].BecomeAsync(RelayMode.Blackhole);
        await _pair.Second.KillAsync();
        await KeeperPair.SaysAsync(_pair.Keepers[holder], "to server-1 (Failover, switchover");
        _pair.Keepers[holder].Freeze();
        await _pair.AnswersAsync(NameKeeperProcess.Targets[0]);
        await _pair.ToBind[holder].BecomeAsync(RelayMode.Pass);
        _pair.Keepers[holder].Thaw();
        await KeeperPair.SaysAsync(_pair.Keepers[holder], "Settled; active: server-1; reason: none");

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
        await _pair.First.StartAgainAsync();
        await KeeperPair.SaysAsync(_pair.Keepers[1 - holder], "server-1 of site is healthy");

        await _pair.ToEtcd[holder].BecomeAsync(RelayMode.Blackhole);
        await KeeperPair.SaysAsync(_pair.Keepers[holder], "lost the lease");
        await _pair.Second.KillAsync();

        await _pair.AnswersAsync(NameKeeperProcess.Targets[0]);
        Assert.Equal(["A 192.0.2.2", "A 192.0.2.1"], await _pair.MovesAsync());
        long[] tokens = await _pair.TokensAsync();
        Assert.True(tokens is [var before, var after] && after > before, string.Join(", ", tokens));
        Assert.DoesNotContain("to server-1 (Failover", string.Join('\n', _pair.Keepers[holder].Output.Where(static line => line.Contains("[12000]", StringComparison.Ordinal)).Skip(1)), StringComparison.Ordinal);
    }
}
