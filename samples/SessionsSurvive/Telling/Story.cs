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
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private readonly List<Act> _acts = [];

    /// <returns>Whether every promise held.</returns>
    internal async Task<bool> PlayAsync()
    {
        await FollowedAsync(null);
        Console.WriteLine($"Shortened for this demo: the sentinels give a master up after 3 s (default: 30 s); the check runs each 1 s, each 0.3 s while it fails (default: 10 s, 2 s).");
        Console.WriteLine($"Two nodes of an app, {first.Address} and {second.Address}. {Ada.Name} logs in on the first, clicks on both in turn, and hears on the first what is said on the second.\n");
        await using HealthWatch health = new(first.Address);
        await using Ada ada = await Ada.LogInAsync(first, second);
        await PlayAsync("calm", "Nothing happens.", null);
        await PlayAsync("planned failover", "A planned failover: redis-cli -p 26379 SENTINEL FAILOVER mymaster", redis.SwitchAsync);
        await PlayAsync("master killed", "The master is killed: kill -9", redis.KillMasterAsync);
        await PlayAsync("it is started again", "The killed one is started again. It is empty, and takes itself for the master.", redis.MendAsync);

        Console.WriteLine("     -- A third node of the app starts: it has to know her from Redis.");
        await using AppNode third = await AppNode.StartAsync("node-3", redis);
        Click newcomer = await ada.ClickAsync(third);
        await ada.EndAsync();
        await WaitAsync(() => ada.Said.All(said => said.Sent < _acts[^1].Followed || ada.HasHeard(said)), TimeSpan.FromSeconds(5));
        return Summary.Print(_acts, ada, newcomer, health);
    }

    private async Task PlayAsync(string name, string words, Func<Task<string>>? what)
    {
        string before = NameOfMaster(first)!;
        Console.WriteLine($"     -- {words}");
        long began = Stopwatch.GetTimestamp();
        if (what is not null)
        {
            await what();
        }

        // What is started again may become the master's replica, and nothing else.
        bool moves = name.Contains("killed", StringComparison.Ordinal) || name.Contains("failover", StringComparison.Ordinal);
        await FollowedAsync(moves ? before : null);
        long followed = Stopwatch.GetTimestamp();
        if (moves && DemoState.Tell(first.Redis.Group.Snapshot.LastSwitchover, redis) is { } told)
        {
            Console.WriteLine($"     >> {told}");
        }

        await WaitAsync(static () => false, Calm);
        _acts.Add(new(name, began, followed, NameOfMaster(first)!));
    }

    /// <summary>Waits until both nodes have the same master, and another than before.</summary>
    private async Task FollowedAsync(string? otherThan)
    {
        bool Have() => NameOfMaster(first) is { } master && master == NameOfMaster(second) && master != otherThan;
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
