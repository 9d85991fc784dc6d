using Failover.DnsSwitching.Rfc2136;
using Failover.TestServers.Dns;

namespace Failover.DnsSwitching.Tests.Rfc2136;

[Collection("name servers")]
public sealed class ChangeTests(SharedNameServers servers)
{
    [NameServerTheory]
    [ClassData(typeof(EachNameServer))]
    public async Task A_name_moves_from_kind_to_kind_in_one_change_each_and_bears_its_mover(NameServerKind kind)
    {
        NameServer server = await servers.GetAsync(kind);
        string name = NameServer.NewName();
        await using Rfc2136Provider provider = Given.Provider(server);
        string[][] sets = [["192.0.2.1"], ["192.0.2.2", "192.0.2.3"], ["192.0.2.3", "2001:db8::1"], ["2001:db8::2"], ["shop-b.example.test"], ["shop-c.elsewhere.test"], ["192.0.2.1"]];
        uint serial = await server.SerialAsync();

        foreach (string[] values in sets)
        {
            DnsChange change = await provider.ChangeAsync(name, $"op-{serial}", values);
            var applied = Assert.IsType<DnsOutcome.Applied>(await provider.ApplyAsync(change, CancellationToken.None));

            Assert.Equal(new DnsRecordState(name, DnsValues.Parse(values), Given.Ttl, $"failover-owner=shop;token=1;op=op-{serial}"), applied.ReadBack);
            Assert.Equal(++serial, await server.SerialAsync());
            Assert.Equal([$"\"failover-owner=shop;token=1;op=op-{serial - 1}\""], await server.DigAsync($"_failover.{name}", "TXT"));
            Assert.Equal(change.Values.OfKind(DnsRecordKind.CName).Select(static value => $"{value.Text}."), await server.DigAsync(name, "CNAME"));
            if (change.Values[0].Kind != DnsRecordKind.CName)
            {
                Assert.Equal(change.Values.OfKind(DnsRecordKind.A).Select(static value => value.Text), await server.DigAsync(name, "A"));
                Assert.Equal(change.Values.OfKind(DnsRecordKind.AAAA).Select(static value => value.Text), await server.DigAsync(name, "AAAA"));
            }
        }
    }

    [NameServerTheory]
    [ClassData(typeof(EachNameServer))]
    public async Task Each_algorithm_is_signed_with_and_verified(NameServerKind kind)
    {
        NameServer server = await servers.GetAsync(kind);
        foreach (NameServerKey key in (NameServerKey[])[NameServerKey.Failover, NameServerKey.Failover384, NameServerKey.Failover512])
        {
            await using Rfc2136Provider provider = Given.Provider(server, key);

            Assert.IsType<DnsOutcome.Applied>(await provider.ApplyAsync(await provider.ChangeAsync(NameServer.NewName(), "one", "192.0.2.1"), CancellationToken.None));
        }
    }

    [NameServerTheory]
    [ClassData(typeof(EachNameServer))]
    public async Task A_name_that_an_operator_made_is_read_as_it_is(NameServerKind kind)
    {
        NameServer server = await servers.GetAsync(kind);
        string name = NameServer.NewName();
        await using Rfc2136Provider provider = Given.Provider(server);
        Assert.Equal(new DnsRecordState(name, DnsValues.None, null, null), await provider.StateAsync(name));

        await server.UpdateAsync($"add {name} 20 A 192.0.2.2", $"add {name} 20 A 192.0.2.1", $"add {name} 50 AAAA 2001:db8::1", $"add _failover.{name} 20 TXT \"v=spf1\" \"-all\"");

        DnsRecordState state = await provider.StateAsync(name.ToUpperInvariant() + ".");
        Assert.Equal(new DnsRecordState(name, DnsValues.Parse("192.0.2.1", "192.0.2.2", "2001:db8::1"), TimeSpan.FromSeconds(50), "\"v=spf1\" \"-all\""), state);
        Assert.True(state.IsForeign);
    }

    [NameServerTheory]
    [ClassData(typeof(EachNameServer))]
    public async Task Whatever_someone_else_changed_first_is_a_conflict_and_stays(NameServerKind kind)
    {
        NameServer server = await servers.GetAsync(kind);
        await using Rfc2136Provider provider = Given.Provider(server);
        Func<string, string>[] others =
        [
            static name => $"delete {name} A 192.0.2.2",
            static name => $"add {name} 30 A 192.0.2.9",
            static name => $"add {name} 30 AAAA 2001:db8::9",
            static name => $"add _failover.{name} 30 TXT \"heritage=external-dns\"",
            static name => $"delete _failover.{name} TXT",
            static name => $"delete {name} A",
        ];
        foreach (Func<string, string> other in others)
        {
            string name = NameServer.NewName();
            await provider.ApplyAsync(await provider.ChangeAsync(name, "one", "192.0.2.1", "192.0.2.2"), CancellationToken.None);
            DnsChange change = await provider.ChangeAsync(name, "two", "192.0.2.3");
            await server.UpdateAsync(other(name));
            uint serial = await server.SerialAsync();

            var conflict = Assert.IsType<DnsOutcome.Conflict>(await provider.ApplyAsync(change, CancellationToken.None));

            Assert.Equal(await provider.StateAsync(name), conflict.Actual);
            Assert.Equal(serial, await server.SerialAsync());
        }
    }

    [NameServerTheory]
    [ClassData(typeof(EachNameServer))]
    public async Task An_alias_that_someone_put_there_meanwhile_is_a_conflict(NameServerKind kind)
    {
        NameServer server = await servers.GetAsync(kind);
        string name = NameServer.NewName();
        await using Rfc2136Provider provider = Given.Provider(server);
        DnsChange change = await provider.ChangeAsync(name, "one", "192.0.2.1");
        await server.UpdateAsync($"add {name} 30 CNAME other.example.test.");

        var conflict = Assert.IsType<DnsOutcome.Conflict>(await provider.ApplyAsync(change, CancellationToken.None));

        Assert.Equal(DnsValues.Parse("other.example.test"), conflict.Actual!.Values);
    }

    [NameServerTheory]
    [ClassData(typeof(EachNameServer))]
    public async Task No_alias_is_put_beside_other_records_and_no_address_is_lost_for_it(NameServerKind kind)
    {
        NameServer server = await servers.GetAsync(kind);
        string name = NameServer.NewName();
        await server.UpdateAsync($"add {name} 30 A 192.0.2.1", $"add {name} 30 MX 10 ns.example.test.");
        await using Rfc2136Provider provider = Given.Provider(server);

        var denied = Assert.IsType<DnsOutcome.Denied>(await provider.ApplyAsync(await provider.ChangeAsync(name, "one", "other.example.test"), CancellationToken.None));

        Assert.Contains("An alias can stand beside nothing else", denied.Reason, StringComparison.Ordinal);
        Assert.Equal(["192.0.2.1"], await server.DigAsync(name, "A"));
    }

    // What it says of a type that the prerequisites do not name: BIND and Knot say that it was done, PowerDNS refuses.
    [NameServerTheory]
    [ClassData(typeof(EachNameServer))]
    public async Task An_alias_that_the_server_passes_over_is_never_told_as_applied(NameServerKind kind)
    {
        NameServer server = await servers.GetAsync(kind);
        string name = NameServer.NewName();
        await server.UpdateAsync($"add {name} 30 TYPE65400 \\# 1 00");
        await using Rfc2136Provider provider = Given.Provider(server);

        DnsOutcome outcome = await provider.ApplyAsync(await provider.ChangeAsync(name, "one", "other.example.test"), CancellationToken.None);

        Assert.True(kind == NameServerKind.PowerDns ? outcome is DnsOutcome.Denied : outcome is DnsOutcome.Ignored { Actual.Values: [] }, outcome.ToString());
        Assert.Empty(await server.DigAsync(name, "CNAME"));
    }

    [NameServerTheory]
    [ClassData(typeof(EachNameServer))]
    public async Task Values_of_a_wildcard_cannot_be_compared_and_it_says_so(NameServerKind kind)
    {
        NameServer server = await servers.GetAsync(kind);
        await using Rfc2136Provider provider = Given.Provider(server);
        DnsChange change = await provider.ChangeAsync("any.wild.example.test", "one", "192.0.2.1");
        Assert.Equal(DnsValues.Parse("192.0.2.99"), change.From.Values);

        var denied = Assert.IsType<DnsOutcome.Denied>(await provider.ApplyAsync(change, CancellationToken.None));

        Assert.Contains("wildcard", denied.Reason, StringComparison.Ordinal);
    }

    [NameServerFact]
    public async Task A_secondary_is_told_of_a_change_and_refuses_to_make_one()
    {
        (BindServer primary, BindServer secondary) = await servers.PairAsync();
        string name = NameServer.NewName();
        await using Rfc2136Provider provider = Given.Provider(primary), wrong = Given.Provider(secondary);

        await provider.ApplyAsync(await provider.ChangeAsync(name, "one", "192.0.2.1"), CancellationToken.None);

        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(20));
        while (await secondary.DigAsync(name, "A") is not ["192.0.2.1"])
        {
            await look.WaitForNextTickAsync(limit.Token);
        }

        DnsOutcome.Denied denied = Assert.IsType<DnsOutcome.Denied>(await wrong.ApplyAsync(await wrong.ChangeAsync(name, "two", "192.0.2.2"), CancellationToken.None));
        Assert.Contains("the zone takes no updates", denied.Reason, StringComparison.Ordinal);
    }
}
