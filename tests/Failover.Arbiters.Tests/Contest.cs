using Failover.TestServers;
using Failover.TestServers.Contending;

namespace Failover.Arbiters.Tests;

/// <summary>Processes that compete, and what they act on.</summary>
internal sealed class Contest(ActedOn on, IReadOnlyList<ContenderProcess> contenders) : IAsyncDisposable
{
    internal ActedOn On => on;

    internal IReadOnlyList<ContenderProcess> Contenders => contenders;

    internal ContenderProcess First => contenders[0];

    /// <summary>What must hold whatever happened: no two acted at a time, tokens only grew, and nothing was applied under a token that was over.</summary>
    internal void AssertOneAtATime()
    {
        IReadOnlyList<Act> acts = on.Acts;
        Assert.All(acts, static act => Assert.True(act.Token > 0));
        Assert.True(on.LongestOverlap <= TimeSpan.Zero, $"Two acted together for {on.LongestOverlap.TotalMilliseconds} ms:\n{File.ReadAllText(on.LogPath)}");
        long[] applied = [.. acts.Where(static act => act.IsApplied).Select(static act => act.Token)];
        Assert.Equal(applied.Order(), applied);
    }

    /// <summary>Waits until somebody else than the first acts.</summary>
    internal Task<Act> NextAsync(TimeSpan after) => on.NextHolderAsync(First.Holder, after);

    /// <summary>Waits until a contender has said something.</summary>
    internal static Task SaysAsync(ContenderProcess contender, string words) => Waiting.ForAsync<object>(
        () => Task.FromResult<object?>(contender.Output.Any(line => line.Contains(words, StringComparison.Ordinal)) ? contender : null),
        TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(60), () => $"{contender.Holder} to say «{words}»: {string.Join('\n', contender.Output)}");

    public async ValueTask DisposeAsync()
    {
        foreach (ContenderProcess contender in contenders)
        {
            await contender.DisposeAsync();
        }

        await on.DisposeAsync();
    }
}
