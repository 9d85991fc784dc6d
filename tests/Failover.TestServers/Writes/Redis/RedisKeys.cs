using System.Globalization;
using Failover.TestServers.Resp;
using Failover.TestServers.Sentinel;

namespace Failover.TestServers.Writes.Redis;

/// <summary>The keys that writers write, one for each row. <c>INCR</c> tells by its value how often a row was written; <c>SET</c> to 1 does not.</summary>
public static class RedisKeys
{
    private const string Prefix = "write:";

    /// <summary>The key of a row.</summary>
    public static string Of(long id) => Prefix + id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads all rows of a node; one that was written twice is there twice.</summary>
    public static async Task<IReadOnlyList<long>> ReadAsync(RedisNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        await using RespConnection connection = await node.ConnectAsync(CancellationToken.None);
        string[] keys = [.. ((object?[])(await connection.AskAsync(CancellationToken.None, "KEYS", Prefix + "*"))!).Cast<string>()];
        object?[] values = keys.Length == 0 ? [] : (object?[])(await connection.AskAsync(CancellationToken.None, ["MGET", .. keys]))!;
        return [.. keys.Zip(values).SelectMany(static pair => Enumerable.Repeat(Number(pair.First[Prefix.Length..]), pair.Second is string times ? (int)Number(times) : 0))];
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
