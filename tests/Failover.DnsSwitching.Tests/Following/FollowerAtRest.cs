using Failover.DnsSwitching.Following;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.DnsSwitching.Tests.Following;

/// <summary>A follower of names with a clock of the test's: each look is waited for before time goes on.</summary>
public abstract class FollowerAtRest
{
    private protected const string Name = "shop.example.test";
    private protected const string Old = "192.0.2.1";
    private protected const string New = "192.0.2.2";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private protected WaitedTime Time { get; } = new();
    private protected FakeLogger Logger { get; } = new();
    private protected FakeLookup Lookup { get; } = new() { Answer = () => [Old], TimeToLive = TimeSpan.FromSeconds(10) };
    private protected DnsFollowerOptions Options { get; } = new();
    private DnsFollower? _follower;

    private protected DnsFollower Follower(double chance = 0) => Follower(_ => Lookup, chance);

    private protected DnsFollower Follower(Func<string, INameLookup> lookup, double chance = 0) => _follower = new(() => Options, Time, Logger, () => chance, lookup);

    private protected static async Task LookedAsync(DnsFollower follower) =>
        Assert.NotEmpty(await follower.ResolveAsync(Name, CancellationToken.None).AsTask().WaitAsync(Limit));

    /// <summary>Lets time pass in steps, each when all loops rest.</summary>
    private protected async Task PassAsync(TimeSpan time, int steps = 1)
    {
        for (int step = 0; step < steps; step++)
        {
            await SettleAsync();
            Time.Advance(time / steps);
        }

        await SettleAsync();
    }

    /// <summary>Waits until each loop waits for nothing but the clock.</summary>
    private protected async Task SettleAsync()
    {
        using CancellationTokenSource end = new(Limit);
        while (Time.Waiting < _follower!.Names)
        {
            Assert.False(end.IsCancellationRequested, "The loops do not come to rest.");
            await Task.Yield();
        }
    }

    private protected async Task UntilAsync(Func<bool> isSo, TimeSpan step)
    {
        using CancellationTokenSource end = new(Limit);
        while (!isSo())
        {
            Assert.False(end.IsCancellationRequested, "It did not come.");
            await PassAsync(step);
        }
    }
}
