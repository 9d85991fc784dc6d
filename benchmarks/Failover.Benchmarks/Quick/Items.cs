using Failover.Benchmarks.Fold;
using Failover.Benchmarks.Groups;
using Failover.Benchmarks.Health;
using Failover.Benchmarks.Http;
using Failover.Benchmarks.PostgreSql;

namespace Failover.Benchmarks.Quick;

/// <summary>What is measured, with its bars.</summary>
internal static class Items
{
    internal static IEnumerable<Item> All() => [.. Picks(), .. Health(), .. Handlers(), .. Peers(), .. Opens(), .. Steps(2, bar: 1_000), .. Steps(100, bar: null)];

    private static IEnumerable<Item> Picks()
    {
        PickBenchmarks pick = new();
        pick.Setup();
        return
        [
            new("pick", () => pick.Pick()) { MaxNanoseconds = 5, MaxBytes = 0, Operations = PickBenchmarks.Picks },
            new("snapshot: active and condition", () => pick.ReadActive()) { MaxBytes = 0, Operations = PickBenchmarks.Picks },
            new("snapshot: two members", () => pick.ReadMembers()) { MaxBytes = 0, Operations = PickBenchmarks.Picks },
            new("meter: a call that succeeds", pick.CountCall) { MaxBytes = 0, Operations = PickBenchmarks.Picks },
        ];
    }

    private static IEnumerable<Item> Health()
    {
        HealthBenchmarks health = new();
        health.Setup();
        return [new("health: snapshot and verdicts", () => health.Read()) { MaxNanoseconds = 100, MaxBytes = 0, Operations = HealthBenchmarks.Reads }];
    }

    private static IEnumerable<Item> Handlers()
    {
        const string Bare = "HttpClient, bare";
        const string Rewrite = "HttpClient, a new address only";
        const string Waits = "HttpClient, bare, waits";
        HandlerBenchmarks handler = new();
        handler.Setup();
        return
        [
            new(Bare, () => handler.Bare()),
            new(Rewrite, () => handler.RewriteOnly()),
            new("FailoverHandler, names the active member", () => handler.FailoverSameAuthority()) { Over = Bare, MaxNanoseconds = 150, MaxBytes = 0 },
            new("FailoverHandler, names the base address", () => handler.FailoverRewrite()) { Over = Rewrite, MaxNanoseconds = 100, MaxBytes = 0 },
            new(Waits, () => handler.BareThatWaits()),
            new("FailoverHandler, waits", () => handler.FailoverThatWaits()) { Over = Waits },
        ];
    }

    private static IEnumerable<Item> Peers()
    {
        foreach (string name in PeerBenchmarks.Names.OrderByDescending(name => name == "bare"))
        {
            PeerBenchmarks peer = new() { Client = name };
            peer.Setup();
            Item item = new($"factory client, {name}", () => peer.Get());
            yield return name == "failover" ? item with { Over = "factory client, bare", MaxNanoseconds = 150, MaxBytes = 0 } : item;
        }
    }

    private static IEnumerable<Item> Opens()
    {
        const string Plain = "PostgreSQL, open and close, Npgsql";
        OpenBenchmarks open = new();
        open.Setup();
        return
        [
            new(Plain, open.Plain),
            new("PostgreSQL, open and close, Failover", open.Failover) { Over = Plain, MaxNanoseconds = 300, MaxBytes = 0 },
        ];
    }

    private static IEnumerable<Item> Steps(int members, double? bar)
    {
        FoldBenchmarks fold = new() { Members = members };
        fold.Setup();
        return
        [
            new($"fold, {members} members: probe succeeded", () => fold.ProbeSucceeded()) { MaxNanoseconds = bar },
            new($"fold, {members} members: probe failed", () => fold.ProbeFailed()) { MaxNanoseconds = bar },
            new($"fold, {members} members: calls succeeded", () => fold.CallsSucceeded()) { MaxNanoseconds = bar },
            new($"fold, {members} members: calls failed, moves", () => fold.CallsFailed()) { MaxNanoseconds = bar },
            new($"fold, {members} members: tick that probes", () => fold.TickThatProbes()) { MaxNanoseconds = bar },
            new($"fold, {members} members: tick that sleeps", () => fold.TickThatSleeps()) { MaxNanoseconds = bar },
            new($"fold, {members} members: late answer", () => fold.LateAnswer()) { MaxNanoseconds = bar },
        ];
    }
}
