using System.Diagnostics;
using HealthyShop.Parts;

namespace HealthyShop;

/// <summary>Breaks one part of the shop after the other, and shows what its health endpoints say.</summary>
internal sealed class Story(ShopParts parts, Acts acts)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Kubernetes' limit for an answer to a probe.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(1);

    private readonly List<(bool Held, string Promise)> _promises = [];

    /// <returns>Whether every promise held.</returns>
    internal async Task<bool> PlayAsync()
    {
        Console.WriteLine("Shortened for this demo: a check runs each 1 s, each 0.3 s while it fails, and has 1 s (defaults: 10 s, 2 s, 2 s).");
        await using Prober prober = new(parts.Port, parts.OperatorsPort);
        await StepAsync(prober, "All is well", null, 200, 200);
        int before = prober.OutOfService;
        await RedisAsync(prober);
        await PostgreSqlAsync(prober);
        if (parts.Redis is not null || parts.PostgreSql is not null)
        {
            Promise(prober.OutOfService == before, $"What all nodes share took this one out of service at no time: {prober.OutOfService - before} times /health/ready said 503.");
        }

        await DiskAsync(prober);
        await DrainAsync(prober);
        await StepAsync(prober, "All is well again", null, 200, 200);
        Promise(prober.Longest < AnswerLimit, $"Nobody waited for a check: {prober.Count:N0} answers, the longest took {prober.Longest.TotalMilliseconds:N0} ms (Kubernetes gives a probe {AnswerLimit.TotalSeconds:N0} s).");

        Console.WriteLine();
        foreach ((bool held, string promise) in _promises)
        {
            Console.WriteLine($"{(held ? "held  " : "BROKEN")} {promise}");
        }

        Console.WriteLine("\nTo break it yourself: dotnet run --project samples/HealthyShop -- --serve");
        return _promises.TrueForAll(promise => promise.Held);
    }

    private async Task RedisAsync(Prober prober)
    {
        if (parts.Redis is { } redis)
        {
            await StepAsync(prober, "Redis is killed", acts.KillRedis, 503, 200);
            Console.WriteLine("\nRedis is started again");
            await redis.StartAsync();
            await ShowAsync(prober, "Redis is back", 200, 200);
        }
    }

    private async Task PostgreSqlAsync(Prober prober)
    {
        if (parts.PostgreSql is not null && Acts.CanFreeze)
        {
            await StepAsync(prober, "PostgreSQL is frozen: it takes connections, and answers none", acts.FreezePostgreSql, 503, 200);
            await StepAsync(prober, "PostgreSQL is thawed", acts.ThawPostgreSql, 200, 200);
        }
    }

    private async Task DiskAsync(Prober prober)
    {
        await StepAsync(prober, "The disk of this node is nearly full", acts.FillDisk, 503, 503);
        await StepAsync(prober, "The disk has room", acts.EmptyDisk, 200, 200);
    }

    private async Task DrainAsync(Prober prober)
    {
        await StepAsync(prober, "The node is drained", acts.Drain, 503, 503);
        string? drain = prober.Last.Drain;
        Promise(drain is not null, $"While it drains, each answer tells clients to leave: Failover-Drain: {drain ?? "-"}.");
        await StepAsync(prober, "The node is back in service", acts.Undrain, 200, 200);
    }

    private async Task StepAsync(Prober prober, string title, string? command, int health, int ready)
    {
        Console.WriteLine($"\n{title}");
        if (command is not null)
        {
            Console.WriteLine($"  $ {command}");
            await Acts.RunAsync(command);
        }

        await ShowAsync(prober, title, health, ready);
    }

    /// <summary>Waits until both endpoints say what they should, and shows it.</summary>
    private async Task ShowAsync(Prober prober, string title, int health, int ready)
    {
        long start = Stopwatch.GetTimestamp();
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(10));
        bool Said() => (prober.Last.Health, prober.Last.Ready) == (health, ready);
        while (!Said() && Stopwatch.GetElapsedTime(start) < Patience)
        {
            await look.WaitForNextTickAsync();
        }

        TimeSpan after = Stopwatch.GetElapsedTime(start);
        Prober.Answers last = prober.Last;
        string drain = last.Drain is null ? "" : $"  Failover-Drain: {last.Drain}";
        Console.WriteLine($"  /health {last.Health}  /health/ready {last.Ready}{drain}  after {after.TotalSeconds:N1} s");
        if (await prober.NotesAsync() is { Length: > 0 } notes)
        {
            Console.WriteLine($"  operators see: {notes}");
        }

        Promise((last.Health, last.Ready) == (health, ready), $"{title.Split(':')[0]}: /health said {last.Health}, /health/ready {last.Ready}.");
    }

    private void Promise(bool held, string text) => _promises.Add((held, text));
}
