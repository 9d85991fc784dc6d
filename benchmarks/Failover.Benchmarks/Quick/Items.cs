using Failover.Benchmarks.Fold;

namespace Failover.Benchmarks.Quick;

/// <summary>What is measured, with its bars.</summary>
internal static class Items
{
    internal static IEnumerable<Item> All() => [.. Steps(2, bar: 1_000), .. Steps(100, bar: null)];

    private static IEnumerable<Item> Steps(int members, double? bar)
    {
        FoldBenchmarks fold = new() { Members = members };
        fold.Setup();
        return
        [
            new($"fold, {members} members: probe succeeded", () => fold.ProbeSucceeded(), bar),
            new($"fold, {members} members: probe failed", () => fold.ProbeFailed(), bar),
            new($"fold, {members} members: calls succeeded", () => fold.CallsSucceeded(), bar),
            new($"fold, {members} members: calls failed, moves", () => fold.CallsFailed()),
            new($"fold, {members} members: tick that probes", () => fold.TickThatProbes(), bar),
            new($"fold, {members} members: tick that sleeps", () => fold.TickThatSleeps(), bar),
            new($"fold, {members} members: late answer", () => fold.LateAnswer(), bar),
        ];
    }
}
