using System.Globalization;
using Failover.Redis.Resp;

namespace Failover.Redis.Checks;

/// <summary>What a master says of its memory and its fence. Null: it did not say, or an ACL does not allow it.</summary>
/// <param name="UsedMemory">How many bytes it uses.</param>
/// <param name="MaximumMemory">How many it may; 0 for no limit.</param>
/// <param name="Evicts">Whether it makes room by itself.</param>
/// <param name="MinimumReplicas">How many replicas it needs to take a write: <c>min-replicas-to-write</c>.</param>
internal sealed record MasterState(long? UsedMemory, long? MaximumMemory, bool? Evicts, int? MinimumReplicas)
{
    /// <summary>Asks a master.</summary>
    internal static async Task<MasterState> AskAsync(RespConnection master, CancellationToken cancellationToken)
    {
        Dictionary<string, string> memory = InfoFields.Of((await TryAsync(master, cancellationToken, "INFO", "memory").ConfigureAwait(false))?.Text);
        RespValue? fence = await TryAsync(master, cancellationToken, "CONFIG", "GET", "min-replicas-to-write").ConfigureAwait(false);
        return new(
            NumberOf(memory.GetValueOrDefault("used_memory")),
            NumberOf(memory.GetValueOrDefault("maxmemory")),
            memory.GetValueOrDefault("maxmemory_policy") is { } policy ? policy != "noeviction" : null,
            fence?.Items is [_, { Text: { } needed }] ? (int?)NumberOf(needed) : null);
    }

    private static async Task<RespValue?> TryAsync(RespConnection master, CancellationToken cancellationToken, params string[] command)
    {
        try
        {
            return await master.AskAsync(cancellationToken, command).ConfigureAwait(false);
        }
        catch (RespErrorException)
        {
            return null;
        }
    }

    private static long? NumberOf(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
}
