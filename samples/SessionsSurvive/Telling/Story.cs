using System.Diagnostics;
using Failover;
using SessionsSurvive.Demo;
using SessionsSurvive.Site;

namespace SessionsSurvive.Telling;

/// <summary>Moves the master as planned, kills it, and starts it again, while a user goes on.</summary>
internal sealed class Story(DemoRedis redis, AppNode first, AppNode second)
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ToHear = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private readonly List<Act> _acts = [];

    /// <returns>Whether every promise held.</returns>
    internal async Task<bool> PlayAsync()
    {
        await FollowedAsync(static _ => true);
        Console.WriteLine($"""
            Shortened for this demo: the sentinels give a master up after 3 s (default: 30 s); the check runs each 1 s, each 0.3 s while it fails (default: 10 s, 2 s).
            Two nodes of an app: {first.Address} and {second.Address}
            {Ada.Name} logs in on the first, clicks on both in turn, and hears on the first what is said on the second.

            """);
        await using HealthWatch health = new(first.Address);
        await using Ada ada = await Ada.LogInAsync(first, second);
        await PlayAsync(ActKind.Calm, "Nothing happens.", null);
        await PlayAsync(ActKind.Planned, "A planned failover: redis-cli -p 26379 SENTINEL FAILOVER mymaster", redis.SwitchAsync);
        await PlayAsync(ActKind.Killed, "The master is killed: kill -9", redis.KillMasterAsync);
        await PlayAsync(ActKind.Returned, "The killed one is started again. It is empty, and takes itself for the master.", redis.MendAsync);

        Console.WriteLine("     -- A third node of the app starts: what it knows of her comes from Redis.");
        await using AppNode third = await AppNode.StartAsync("node-3", redis);
        await ada.EndAsync();
        Click newcomer = await ada.ClickAsync(third);
        await WaitAsync(() => ada.Said.All(said => said.Sent < _acts[^1].Followed || ada.HasHeard(said)), ToHear);
        return new Summary(_acts, ada, newcomer, health).Print();
    }

    private async Task PlayAsync(ActKind kind, string words, Func<Task<string>>? what)
    {
        string from = NameOfMaster(first)!;
        Console.WriteLine($"     -- {words}");
        long began = Stopwatch.GetTimestamp();
        if (what is not null)
        {
            await what();
        }

        bool moves = kind is ActKind.Planned or ActKind.Killed;
        await FollowedAsync(master => !moves || master != from);
        long followed = Stopwatch.GetTimestamp();
        if (moves)
        {
            Console.WriteLine($"     >> {DemoState.Tell(first.Redis.Group.Snapshot.LastSwitchover, redis)}");
        }

        await WaitAsync(static () => false, Calm);
        _acts.Add(new(kind, began, followed, from, NameOfMaster(first)!));
    }

    /// <summary>Waits until both nodes have the same master, and it is one that is meant.</summary>
    private async Task FollowedAsync(Func<string, bool> isMeant)
    {
        bool Have() => NameOfMaster(first) is { } master && master == NameOfMaster(second) && isMeant(master);
        await WaitAsync(Have, Patience);
        if (!Have())
        {
            throw new TimeoutException($"The nodes of the app have no common master: {first.Redis.Group.Snapshot.Condition}, {second.Redis.Group.Snapshot.Condition}.");
        }
    }

    private string? NameOfMaster(AppNode node) => node.Redis.Group.Snapshot is { Condition: GroupCondition.Settled, Active: { } active } ? redis.NameOf(active) : null;

    private static async Task WaitAsync(Func<bool> isSo, TimeSpan limit)
    {
        long began = Stopwatch.GetTimestamp();
        using PeriodicTimer look = new(Look);
        while (!isSo() && Stopwatch.GetElapsedTime(began) < limit)
        {
            await look.WaitForNextTickAsync();
        }
    }
}
