using Failover.DnsSwitching.Rfc2136;
using Failover.TestServers.Dns;

namespace Failover.DnsSwitching.Tests.Rfc2136;

[Collection("name servers")]
public sealed class LostAnswerTests(SharedNameServers servers)
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    [NameServerTheory]
    [ClassData(typeof(EachNameServer))]
    public async Task An_answer_that_was_lost_is_made_up_for_by_reading_and_nothing_is_done_twice(NameServerKind kind)
    {
        NameServer server = await servers.GetAsync(kind);
        foreach (bool closes in (bool[])[true, false])
        {
            await using LossyRelay relay = LossyRelay.Start(server.Port, closes);
            await using Rfc2136Provider direct = Given.Provider(server), lossy = new(Relayed(relay, closes), TimeProvider.System);
            string name = NameServer.NewName();
            DnsChange change = await direct.ChangeAsync(name, "one", "192.0.2.1");
            uint serial = await server.SerialAsync();

            var there = Assert.IsType<DnsOutcome.AlreadyThere>(await lossy.ApplyAsync(change, CancellationToken.None));
            Assert.Equal(DnsValues.Parse("192.0.2.1"), there.State.Values);

            // Asked again, as after a restart: it is there, and is not done again.
            Assert.IsType<DnsOutcome.AlreadyThere>(await direct.ApplyAsync(change, CancellationToken.None));
            Assert.Equal(serial + 1, await server.SerialAsync());
            if (server is BindServer bind)
            {
                Assert.Equal(1, await bind.ChangesInJournalAsync($"add {name}."));
            }
        }
    }

    [NameServerTheory]
    [ClassData(typeof(EachNameServer))]
    public async Task A_server_that_hangs_is_unknown_and_what_it_does_once_it_wakes_is_done_once(NameServerKind kind)
    {
        NameServer server = await servers.GetAsync(kind);
        string name = NameServer.NewName();
        await using Rfc2136Provider patient = Given.Provider(server), hasty = new(WithTimeout(server.Port), TimeProvider.System);
        DnsChange change = await patient.ChangeAsync(name, "one", "192.0.2.1");
        uint serial = await server.SerialAsync();
        server.Freeze();
        try
        {
            var unknown = Assert.IsType<DnsOutcome.Unknown>(await hasty.ApplyAsync(change, CancellationToken.None));
            Assert.Contains("was sent the change, and no answer within 0.667 s; it could not be read then", unknown.Reason, StringComparison.Ordinal);
            Task<DnsRead> read = hasty.ReadAsync(name, CancellationToken.None).AsTask();
            Assert.IsType<DnsOutcome.Failed>(await hasty.ProbeAsync(name, change.Values, CancellationToken.None));
            Assert.IsType<DnsRead.Failed>(await read);
        }
        finally
        {
            server.Thaw();
        }

        // What waited in its queue may come before or after: both are the same move, and one of them is too late.
        DnsOutcome again = await patient.ApplyAsync(change, CancellationToken.None);

        Assert.True(again is DnsOutcome.Applied or DnsOutcome.AlreadyThere, again.ToString());
        Assert.Equal(["192.0.2.1"], await server.DigAsync(name, "A"));
        Assert.Equal(serial + 1, await server.SerialAsync());
    }

    [NameServerFact]
    public async Task A_change_that_a_former_holder_sends_once_another_has_moved_the_name_comes_to_nothing()
    {
        NameServer server = await servers.GetAsync(NameServerKind.Bind);
        string name = NameServer.NewName();
        await using Rfc2136Provider ours = Given.Provider(server), former = Given.Provider(server, NameServerKey.Failover384);
        DnsRecordState before = await ours.StateAsync(name);
        DnsChange old = new(before, DnsValues.Parse("192.0.2.1"), Given.Ttl, Given.Owner("old", token: 1)), next = new(before, DnsValues.Parse("192.0.2.2"), Given.Ttl, Given.Owner("next", token: 2));

        Assert.IsType<DnsOutcome.Applied>(await ours.ApplyAsync(next, CancellationToken.None));

        var conflict = Assert.IsType<DnsOutcome.Conflict>(await former.ApplyAsync(old, CancellationToken.None));
        Assert.Equal(2, conflict.Actual!.Owner!.Token);
        Assert.Equal(["192.0.2.2"], await server.DigAsync(name, "A"));
    }

    [NameServerFact]
    public async Task A_server_that_is_not_there_has_done_nothing()
    {
        await using BindServer server = await BindServer.StartAsync();
        await using Rfc2136Provider provider = Given.Provider(server);
        DnsChange change = await provider.ChangeAsync("www.example.test", "one", "192.0.2.1");
        await server.KillAsync();

        Assert.Equal($"127.0.0.1:{server.Port} could not be reached: ConnectionRefused.", Assert.IsType<DnsOutcome.Failed>(await provider.ApplyAsync(change, CancellationToken.None)).Reason);
        Assert.IsType<DnsOutcome.Failed>(await provider.ProbeAsync("www.example.test", change.Values, CancellationToken.None));
        Assert.IsType<DnsRead.Failed>(await provider.ReadAsync("www.example.test", CancellationToken.None));

        await server.StartAgainAsync();
        Assert.IsType<DnsOutcome.Applied>(await provider.ApplyAsync(change, CancellationToken.None));
    }

    [NameServerFact]
    public async Task A_change_that_is_cancelled_on_its_way_is_unknown_and_one_before_is_not_begun()
    {
        NameServer server = await servers.GetAsync(NameServerKind.Bind);
        string name = NameServer.NewName();
        await using Rfc2136Provider provider = Given.Provider(server);
        DnsChange change = await provider.ChangeAsync(name, "one", "192.0.2.1");
        using CancellationTokenSource cancelled = new(), soon = new();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await provider.ApplyAsync(change, cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await provider.ReadAsync(name, cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await provider.ProbeAsync(name, change.Values, cancelled.Token));
        await using FakeNameServer silent = FakeNameServer.Start(_ =>
        {
            soon.Cancel();
            return [];
        }, closes: false);
        await using Rfc2136Provider waiting = new(Given.Options(silent.Port), TimeProvider.System);

        Assert.IsType<DnsOutcome.Unknown>(await waiting.ApplyAsync(change, soon.Token));

        Assert.Single(silent.Requests);
        Assert.Empty(await server.DigAsync(name, "A"));
    }

    private static Rfc2136Options WithTimeout(int port)
    {
        Rfc2136Options options = Given.Options(port);
        options.Timeout = Short;
        return options;
    }

    /// <summary>Only where nothing comes any more is there something to wait for.</summary>
    private static Rfc2136Options Relayed(LossyRelay relay, bool closes)
    {
        Rfc2136Options options = Given.Options(relay.Port);
        options.Timeout = closes ? options.Timeout : TimeSpan.FromSeconds(3);
        return options;
    }
}
