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
    /// <param name="frozen">
    /// How often a holder was frozen. Where that hits it between its question and the arrival of its act, it cannot take the act back: that is one act each time, and the resource refuses it.
    /// </param>
    internal void AssertOneAtATime(int frozen = 0)
    {
        IReadOnlyList<Act> acts = on.Acts;
        Assert.All(acts, static act => Assert.True(act.Token > 0));
        List<string> terms = [];
        List<Act> late = [];
        foreach (Act act in acts)
        {
            if (!terms.Contains(act.Term))
            {
                terms.Add(act.Term);
            }
            else if (act.Term != terms[^1])
            {
                late.Add(act);
            }
        }

        Assert.True(late.Count <= frozen, $"{late.Count} acts came in after the first of a later holder:\n{File.ReadAllText(on.LogPath)}");
        Assert.All(late, static act => Assert.False(act.IsApplied));
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
