using System.Net;
using Failover.HealthChecks;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.AspNetCore.Tests.Peers;

/// <summary>Two real nodes in one process, of which one asks the other.</summary>
public class TwoNodesTests
{
    [Fact]
    public async Task A_node_hears_its_peer()
    {
        await using App b = await PeerNodes.StartAsync("b", 0);
        await using App a = await PeerNodes.StartAsync("a", b.Port);

        await a.OutcomeAsync(outcome => outcome == "heard", "a hears b");

        PeerSnapshot heard = a.Peer();
        Assert.Equal(("b", true, true), (heard.Node, heard.Operational, heard.CanServe));
        await App.UntilAsync(() => a.Logged("PeerHeard").Length > 0, "it is logged");
        Assert.Equal($"Peer {App.On(b.Port, PeerNodes.Path)} answers as b.", Assert.Single(a.Logged("PeerHeard")).Message);
    }

    [Fact]
    public async Task The_one_that_lost_its_way_leaves_and_comes_back_and_when_all_did_none_leaves()
    {
        TestCheck atA = TestCheck.Healthy, atB = TestCheck.Healthy;
        await using App b = await PeerNodes.StartAsync("b", 0, builder => builder.Services.AddHealthChecks().AddCheck("db", atB));
        await using App a = await PeerNodes.StartAsync("a", b.Port, builder => builder.Services.AddHealthChecks().AddCheck("db", atA));
        await App.UntilAsync(() => a.Health.Verdicts.CanServe && b.Health.Verdicts.CanServe, "both serve");

        atA.Say(HealthStatus.Unhealthy);
        await App.UntilAsync(() => !a.Health.Verdicts.CanServe, "a leaves");
        Assert.Equal(HttpStatusCode.OK, await b.StatusAsync("/health/ready"));

        atB.Say(HealthStatus.Unhealthy);
        await App.UntilAsync(() => a.Health.Verdicts.CanServe && !b.Health.Verdicts.Operational, "a is back, since b is no better");
        Assert.True(b.Health.Verdicts.CanServe);

        atA.Say(HealthStatus.Healthy);
        atB.Say(HealthStatus.Healthy);
        await App.UntilAsync(() => a.Health.Verdicts.Operational && b.Health.Verdicts.Operational, "both are well");
    }

    [Fact]
    public async Task What_a_peer_claims_is_heard_when_one_looks_and_not_when_it_is_due()
    {
        Claimer role = new("backup ready");
        await using App b = await PeerNodes.StartAsync("b", 0, builder => builder.Services.AddSingleton<INodeClaims>(role), ("Interval", "01:00:00"));
        await using App a = await PeerNodes.StartAsync("a", b.Port, null, ("Interval", "01:00:00"));
        IPeerClaims claims = a.Services.GetRequiredService<IPeerClaims>();
        await App.UntilAsync(() => claims.Find("b", "vrrp:site") is { IsFresh: true, CanServe: true, Value: "backup ready", Answers: 1 }, "a hears b once");

        role.Says = "master ready";
        b.Drain.Begin("deployment");
        claims.LookNow();

        await App.UntilAsync(() => claims.Find("b", "vrrp:site") is { IsFresh: true, CanServe: false, Value: "master ready", Answers: 2 }, "a hears it");
    }

    [Fact]
    public async Task Another_key_is_no_evidence_and_stands_in_no_log()
    {
        await using App b = await PeerNodes.StartAsync("b", 0, null, ("Key", "another secret, as long"));
        await using App a = await PeerNodes.StartAsync("a", b.Port);

        await a.OutcomeAsync(outcome => outcome.StartsWith("refused", StringComparison.Ordinal), "b refuses");
        await App.UntilAsync(() => b.Logged("PeerRefused").Length == 1, "b tells why");

        Assert.Null(a.Peer().FreshUntil);
        Assert.Contains("not by our key", b.Logged("PeerRefused")[0].Message, StringComparison.Ordinal);
        foreach (string text in a.Log.GetSnapshot().Concat(b.Log.GetSnapshot()).Select(record => record.ToString()))
        {
            Assert.DoesNotContain(PeerNodes.Key, text, StringComparison.Ordinal);
            Assert.DoesNotContain("another secret", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_clock_outside_of_the_window_is_refused_and_its_node_told_by_name()
    {
        await using App b = await PeerNodes.StartAsync("b", 0);
        await using App a = await PeerNodes.StartAsync("a", b.Port, builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(new Ahead(TimeSpan.FromMinutes(1)));
            builder.Services.AddHealthChecks().AddClockSkew();
        });

        await a.OutcomeAsync(outcome => outcome.StartsWith("refused", StringComparison.Ordinal), "b refuses");

        Assert.All(b.Logged("PeerRefused"), record => Assert.Matches("^A request to the peer endpoint is refused: the clock of a is [0-9]+ s away from ours", record.Message));
        await App.UntilAsync(() => a.Health.Snapshot.Checks.Single().StatusName == "degraded", "a sees that something is wrong");
    }

    [Fact]
    public async Task Clocks_are_compared()
    {
        await using App b = await PeerNodes.StartAsync("b", 0, builder => builder.Services.AddHealthChecks().AddClockSkew());
        await using App a = await PeerNodes.StartAsync("a", b.Port, builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(new Ahead(TimeSpan.FromSeconds(20)));
            builder.Services.AddHealthChecks().AddClockSkew();
        });

        await App.UntilAsync(() => a.Health.Snapshot.Checks.Single().StatusName == "unhealthy", "a sees that its clock is wrong");

        // Half of a round trip may be added or lost; a machine that stands still makes it long.
        Assert.InRange((double)a.Health.Snapshot.Checks.Single().Data["skewMs"], -30_000, -10_000);
        Assert.True(a.Health.Verdicts is { Operational: false }, "two clocks differ");
        Assert.Equal("healthy", b.Health.Snapshot.Checks.Single().StatusName);
    }

    [Fact]
    public async Task Revisions_are_compared()
    {
        string folder = Directory.CreateTempSubdirectory("failover-revision-").FullName;
        string ofA = Path.Combine(folder, "a"), ofB = Path.Combine(folder, "b");
        await File.WriteAllTextAsync(ofA, "4711\n");
        await File.WriteAllTextAsync(ofB, "4711\nmore");
        await using (App b = await PeerNodes.StartAsync("b", 0, null, ("RevisionFile", ofB)))
        await using (App a = await PeerNodes.StartAsync("a", b.Port, builder => builder.Services.AddHealthChecks().AddRevisionFile(ofA, options => options.Grace = TimeSpan.Zero, null, [])))
        {
            CheckSnapshot Check() => a.Health.Snapshot.Checks.Single();
            await App.UntilAsync(() => Check() is { StatusName: "healthy", Data: { } data } && data["peersHeard"] is 1, "both have the same");

            await File.WriteAllTextAsync(ofB, "4712");
            await App.UntilAsync(() => Check().StatusName == "degraded", "they drift apart");
            Assert.True(a.Health.Verdicts is { Operational: false, CanServe: true });
            await App.UntilAsync(() => a.Logged("CheckFails").Length > 0, "it is logged");
            Assert.Contains("the revision is 4711, and 4712 at b", a.Logged("CheckFails")[0].Message, StringComparison.Ordinal);

            await File.WriteAllTextAsync(ofA, "4712");
            await App.UntilAsync(() => Check().StatusName == "healthy", "they agree again");

            File.Delete(ofA);
            await App.UntilAsync(() => Check() is { StatusName: "unhealthy", Error: "FileNotFoundException" }, "it is gone");
        }

        Directory.Delete(folder, recursive: true);
    }

    private sealed class Claimer(string says) : INodeClaims
    {
        internal volatile string Says = says;

        public IEnumerable<KeyValuePair<string, string>> Read() => [KeyValuePair.Create("vrrp:site", Says)];
    }

    private sealed class Ahead(TimeSpan time) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + time;
    }
}
