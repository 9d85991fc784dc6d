using StackExchange.Redis;

namespace Failover.Benchmarks.Redis;

/// <summary>A way to send commands to a server.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Commands">How many commands one call of <see cref="RunAsync"/> sends.</param>
/// <param name="RunAsync">Sends them, and waits for all answers.</param>
internal sealed record RedisLoad(string Name, int Commands, Func<IDatabase, int, Task> RunAsync)
{
    private static readonly RedisValue Value = new string('x', 32);

    internal static RedisLoad[] All { get; } =
    [
        new("SET, pipelined", 4_000, static (database, count) => PipelineAsync(count, i => database.StringSetAsync(KeyOf(i), Value))),
        new("GET, pipelined", 4_000, static (database, count) => PipelineAsync(count, i => database.StringGetAsync(KeyOf(i)))),
        new("SET, one by one", 200, static (database, count) => OneByOneAsync(count, i => database.StringSetAsync(KeyOf(i), Value))),
        new("GET, one by one", 200, static (database, count) => OneByOneAsync(count, i => database.StringGetAsync(KeyOf(i)))),
    ];

    private static readonly RedisKey[] Keys = [.. Enumerable.Range(0, 64).Select(static number => (RedisKey)$"key:{number}")];

    private static RedisKey KeyOf(int number) => Keys[number % Keys.Length];

    private static Task PipelineAsync(int count, Func<int, Task> send)
    {
        Task[] sent = new Task[count];
        for (int i = 0; i < count; i++)
        {
            sent[i] = send(i);
        }

        return Task.WhenAll(sent);
    }

    private static async Task OneByOneAsync(int count, Func<int, Task> send)
    {
        for (int i = 0; i < count; i++)
        {
            await send(i);
        }
    }
}
