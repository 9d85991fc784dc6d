using System.Text.Json;
using Failover.Scenarios.Dns;
using Failover.Scenarios.Dns.Clients;
using Failover.Scenarios.Faults;
using Failover.TestServers.Network;

namespace Failover.Scenarios.Tests;

/// <summary>That the scenario of a name still runs, with real name servers, in a network of its own. Times are not judged here, where other tests share the processors.</summary>
public sealed class DnsTests
{
    [NetworkFact("named", "nsupdate", "dig", "etcd", "postgres", "setpriv", "unshare", "mount")]
    public async Task A_client_that_follows_leaves_a_site_that_is_sick_and_those_whose_connections_live_stay()
    {
        IReadOnlyList<DnsRow> rows = await DnsScenario.MeasureAsync(DnsScenarioOptions.Parse(["--short", "--fault", "503", "--client", "follower,httpclient,npgsql"]));

        Assert.Equal([("503", "follower", 1), ("503", "httpclient", 1), ("503", "npgsql", 1)], rows.Select(static row => (row.Fault, row.Client, row.Run)));
        Assert.All(rows, static row => Assert.True(row is { Provider: "rfc2136", DetectMs: > 0, SwitchMs: > 0, VisibleMs: > 0 } && row.VisibleMs >= row.SwitchMs, $"{row}"));
        Assert.True(rows[0].ClientMs > rows[0].DetectMs, $"{rows[0]}");
        Assert.All(rows.Skip(1), static row => Assert.True(row.ClientMs is null, $"{row}"));
    }

    [Fact]
    public void The_rows_have_the_names_that_were_agreed()
    {
        string json = JsonSerializer.Serialize([Row("kill", 1)], DnsRowJson.Default.IReadOnlyListDnsRow);

        Assert.Equal(
            ["scenario", "provider", "fault", "client", "run", "detectMs", "switchMs", "visibleMs", "clientMs"],
            JsonDocument.Parse(json).RootElement.EnumerateArray().Single().EnumerateObject().Select(static property => property.Name));
    }

    [Fact]
    public void Every_bar_is_kept_by_good_rows_and_missed_by_bad_ones_and_asks_nothing_of_peers()
    {
        Bar[] kept = [.. DnsBars.Of([.. Enumerable.Range(1, 5).Select(static run => Row("kill", run))])];
        Bar[] missed = [.. DnsBars.Of([Row("kill", 1) with { SwitchMs = 51, ClientMs = null }])];

        Assert.Equal((2, 2), (kept.Length, missed.Length));
        Assert.All(kept, static bar => Assert.True(bar.IsKept, bar.Text));
        Assert.All(missed, static bar => Assert.False(bar.IsKept, bar.Text));
        Assert.Empty(DnsBars.Of([Row("kill", 1) with { Client = "httpclient", ClientMs = null }]));
    }

    [Fact]
    public void What_is_asked_for_comes_through_to_the_network_of_its_own()
    {
        DnsScenarioOptions asked = DnsScenarioOptions.Parse(["--fault", "freeze", "--client", "follower,npgsql", "--runs", "2", "--probe", "2", "--again", "300", "--patience", "400", "--fall", "4", "--ttl", "20"]);

        DnsScenarioOptions passed = DnsScenarioOptions.Parse([.. asked.ToArguments()]);

        Assert.Equal(asked.ToArguments(), passed.ToArguments());
        Assert.Equal((2, 4, 20.0, 400.0), (passed.Runs, passed.Fall, passed.TimeToLive.TotalSeconds, passed.Patience.TotalMilliseconds));
        Assert.Equal([NameClientKind.Follower], passed.ClientsOf(run: 2));
    }

    private static DnsRow Row(string fault, int run) =>
        new() { Provider = "rfc2136", Fault = fault, Client = NameClientKind.Follower.Name, Run = run, DetectMs = 2000, SwitchMs = 10, VisibleMs = 12, ClientMs = 2500 };
}
