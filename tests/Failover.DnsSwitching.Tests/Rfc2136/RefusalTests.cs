using System.Globalization;
using System.Text.RegularExpressions;
using Failover.DnsSwitching.Rfc2136;
using Failover.DnsSwitching.Tsig;
using Failover.DnsSwitching.Tests.Fakes;
using Failover.TestServers.Dns;

namespace Failover.DnsSwitching.Tests.Rfc2136;

/// <summary>What each server says where it does not let us, told to people; to a change, a reading and a probe alike.</summary>
[Collection("name servers")]
public sealed partial class RefusalTests(SharedNameServers servers)
{
    private static readonly DnsValues Values = DnsValues.Parse("192.0.2.1");

    [NameServerTheory]
    [ClassData(typeof(EachNameServer))]
    public async Task A_wrong_secret_is_told_and_is_not_shown(NameServerKind kind)
    {
        NameServer server = await servers.GetAsync(kind);
        NameServerKey wrong = NameServerKey.Failover.WithOtherSecret();
        await using Rfc2136Provider provider = Given.Provider(server, wrong);

        string reason = await RefusedAsync(server, provider);

        Assert.Contains(kind == NameServerKind.PowerDns ? "its secret is another one" : "the secret of key failover (hmac-sha256) is not the one that it has", reason, StringComparison.Ordinal);
        Assert.DoesNotContain(wrong.Secret, reason + provider.Where + provider, StringComparison.Ordinal);
        Assert.StartsWith($"127.0.0.1:{server.Port} refuses", reason, StringComparison.Ordinal);
    }

    [NameServerTheory]
    [ClassData(typeof(EachNameServer))]
    public async Task A_key_that_the_server_does_not_know_is_told(NameServerKind kind)
    {
        NameServer server = await servers.GetAsync(kind);
        await using Rfc2136Provider provider = Given.Provider(server, NameServerKey.Unheard);

        string reason = await RefusedAsync(server, provider);

        Assert.Contains(kind == NameServerKind.PowerDns ? "it has no key unheard (hmac-sha256)" : "refuses key unheard (hmac-sha256) (BADKEY)", reason, StringComparison.Ordinal);
    }

    [NameServerTheory]
    [ClassData(typeof(EachNameServer))]
    public async Task A_clock_that_is_wrong_is_told_with_the_difference(NameServerKind kind)
    {
        NameServer server = await servers.GetAsync(kind);
        ShiftedTime clock = new(TimeSpan.FromHours(1));
        await using Rfc2136Provider provider = new(Given.Options(server.Port), clock);
        DateTimeOffset before = clock.GetUtcNow();

        string reason = await RefusedAsync(server, provider);

        if (kind == NameServerKind.PowerDns)
        {
            DateTimeOffset told = DateTimeOffset.Parse(OurClock().Match(reason).Groups[1].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            Assert.InRange(told, before.AddSeconds(-1), clock.GetUtcNow());
        }
        else
        {
            // A busy machine may let some seconds pass between two looks.
            Assert.InRange(int.Parse(ClockDifference().Match(reason).Groups[1].Value, CultureInfo.InvariantCulture), -3600, -3540);
        }
    }

    [NameServerTheory]
    [ClassData(typeof(EachNameServer))]
    public async Task A_key_without_a_grant_is_told(NameServerKind kind)
    {
        NameServer server = await servers.GetAsync(kind);
        string name = NameServer.NewName();
        await using Rfc2136Provider provider = Given.Provider(server, NameServerKey.Stranger);
        DnsChange change = new(new(name, DnsValues.None, null, null), Values, Given.Ttl, Given.Owner("one"));

        string reason = Assert.IsType<DnsOutcome.Denied>(await provider.ApplyAsync(change, CancellationToken.None)).Reason;

        Assert.Contains(
            kind == NameServerKind.Knot
                ? $"or the key has no grant to change {name}"
                : $"refuses to change {name} (REFUSED): key stranger (hmac-sha256), which it knows, has no grant for it in zone example.test",
            reason,
            StringComparison.Ordinal);
        Assert.Equal(reason, Assert.IsType<DnsOutcome.Denied>(await provider.ProbeAsync(name, Values, CancellationToken.None)).Reason);
        Assert.Empty(await server.DigAsync(name, "A"));
    }

    [NameServerTheory]
    [ClassData(typeof(EachNameServer))]
    public async Task A_zone_that_the_server_does_not_have_is_told(NameServerKind kind)
    {
        NameServer server = await servers.GetAsync(kind);
        await using Rfc2136Provider provider = new(Given.Options(server.Port, zone: "elsewhere.test"), TimeProvider.System);
        DnsChange change = new(new("www.elsewhere.test", DnsValues.None, null, null), Values, Given.Ttl, Given.Owner("one"));

        string reason = Assert.IsType<DnsOutcome.Denied>(await provider.ApplyAsync(change, CancellationToken.None)).Reason;

        Assert.Contains("is not the primary name server of zone elsewhere.test (NOTAUTH)", reason, StringComparison.Ordinal);
        Assert.Equal(reason, Assert.IsType<DnsOutcome.Denied>(await provider.ProbeAsync("www.elsewhere.test", Values, CancellationToken.None)).Reason);
        Assert.IsType<DnsRead.Denied>(await provider.ReadAsync("www.elsewhere.test", CancellationToken.None));
    }

    [Fact]
    public async Task A_name_outside_the_zone_is_not_even_asked_for()
    {
        await using FakeNameServer server = FakeNameServer.Start(static _ => []);
        await using Rfc2136Provider provider = new(Given.Options(server.Port), TimeProvider.System);
        DnsChange change = new(new("www.notexample.test", DnsValues.None, null, null), Values, Given.Ttl, Given.Owner("one"));

        Assert.Equal("www.notexample.test is not within zone example.test.", Assert.IsType<DnsOutcome.Denied>(await provider.ApplyAsync(change, CancellationToken.None)).Reason);
        Assert.IsType<DnsOutcome.Denied>(await provider.ProbeAsync("example.test.other", Values, CancellationToken.None));
        Assert.IsType<DnsRead.Denied>(await provider.ReadAsync("no name", CancellationToken.None));
        Assert.IsType<DnsRead.Denied>(await provider.ReadAsync("*.example.test", CancellationToken.None));
        Assert.IsType<DnsRead.Denied>(await provider.ReadAsync($"{string.Join('.', Enumerable.Repeat(new string('a', 58), 4))}.example.test", CancellationToken.None));
        Assert.Empty(server.Requests);
    }

    // What a provider never sends, since it looks before; but a zone can be cut below.
    [NameServerTheory]
    [ClassData(typeof(EachNameServer))]
    public async Task A_server_that_finds_the_name_outside_its_zone_is_understood(NameServerKind kind)
    {
        NameServer server = await servers.GetAsync(kind);
        TsigKey key = new("operator", TsigAlgorithm.HmacSha256, Convert.FromBase64String(NameServerKey.Operator.Secret));
        DnsExchange exchange = new("127.0.0.1", server.Port, key, TimeProvider.System);
        DnsUpdate update = new DnsUpdate(NameServer.Zone).Add("www.elsewhere.test", 1, 30, [192, 0, 2, 1]);

        var answer = Assert.IsType<DnsReply.Answered>(Assert.Single(await exchange.SendAsync(TimeSpan.FromSeconds(60), CancellationToken.None, update.ToMessage)));

        Assert.Contains("(NOTZONE)", new Refusals("s", NameServer.Zone, key, TimeProvider.System).WhyOf(answer, "change it"), StringComparison.Ordinal);
    }

    [NameServerTheory]
    [ClassData(typeof(EachNameServer))]
    public async Task A_probe_that_succeeds_has_changed_nothing(NameServerKind kind)
    {
        NameServer server = await servers.GetAsync(kind);
        await using Rfc2136Provider provider = Given.Provider(server);
        string there = NameServer.NewName(), absent = NameServer.NewName();
        await provider.ApplyAsync(await provider.ChangeAsync(there, "one", "192.0.2.1"), CancellationToken.None);
        DnsRecordState before = await provider.StateAsync(there);
        uint serial = await server.SerialAsync();

        foreach (string name in (string[])[there, absent])
        {
            Assert.Null(await provider.ProbeAsync(name, DnsValues.Parse("192.0.2.7", "2001:db8::7"), CancellationToken.None));
            Assert.Null(await provider.ProbeAsync(name, DnsValues.Parse("other.example.test"), CancellationToken.None));
        }

        Assert.Equal(serial, await server.SerialAsync());
        Assert.Equal(before, await provider.StateAsync(there));
        Assert.Empty(await server.DigAsync(absent, "ANY"));
    }

    [NameServerTheory]
    [ClassData(typeof(EachNameServer))]
    public async Task A_probe_finds_that_a_name_with_other_records_can_be_no_alias(NameServerKind kind)
    {
        NameServer server = await servers.GetAsync(kind);
        await using Rfc2136Provider provider = Given.Provider(server);
        string name = NameServer.NewName();
        await server.UpdateAsync($"add {name} 30 A 192.0.2.1", $"add {name} 30 MX 10 ns.example.test.");
        uint serial = await server.SerialAsync();

        Assert.Contains("could not be made an alias of other.example.test", Assert.IsType<DnsOutcome.Denied>(await provider.ProbeAsync(name, DnsValues.Parse("other.example.test"), CancellationToken.None)).Reason, StringComparison.Ordinal);
        Assert.Null(await provider.ProbeAsync(name, Values, CancellationToken.None));
        Assert.Equal(serial, await server.SerialAsync());
    }

    /// <summary>The same words for all three, and nothing changed.</summary>
    private static async Task<string> RefusedAsync(NameServer server, Rfc2136Provider provider)
    {
        string name = NameServer.NewName();
        uint serial = await server.SerialAsync();
        DnsChange change = new(new(name, DnsValues.None, null, null), Values, Given.Ttl, Given.Owner("one"));

        string reason = Assert.IsType<DnsOutcome.Denied>(await provider.ApplyAsync(change, CancellationToken.None)).Reason;

        Assert.IsType<DnsOutcome.Denied>(await provider.ProbeAsync(name, Values, CancellationToken.None));
        Assert.IsType<DnsRead.Denied>(await provider.ReadAsync(name, CancellationToken.None));
        Assert.Equal(serial, await server.SerialAsync());
        return reason;
    }

    [GeneratedRegex("its clock differs from ours by (-\\d+) s")]
    private static partial Regex ClockDifference();

    [GeneratedRegex("its clock and ours, which says ([^,]+),")]
    private static partial Regex OurClock();
}
