using System.Collections.Immutable;
using System.Globalization;
using Failover.Redis.Resp;
using Failover.Redis.Sets;

namespace Failover.Redis.Sentinel;

/// <summary>What one sentinel says of the master at one time. One voice: it proves nothing.</summary>
/// <param name="Id">Which sentinel: its id outlives restarts, and is the same whatever address it was asked at.</param>
/// <param name="Master">The address that it gives to clients.</param>
/// <param name="Epoch">The config epoch that it binds to that.</param>
/// <param name="IsDown">Whether it holds the master for down itself: <c>s_down</c>.</param>
/// <param name="IsAgreedDown">Whether it has heard so of enough others: <c>o_down</c>.</param>
/// <param name="Others">How many sentinels it knows beside itself.</param>
/// <param name="Quorum">How many have to agree that the master is down.</param>
/// <param name="DownAfter">How long the master may be silent: <c>down-after-milliseconds</c>.</param>
/// <param name="FailoverTimeout">How long a step of a failover may take.</param>
internal sealed record SentinelWord(string Id, HostAndPort Master, long Epoch, bool IsDown, bool IsAgreedDown, int Others, int Quorum, TimeSpan DownAfter, TimeSpan FailoverTimeout)
{
    /// <summary>More of a kind no set has.</summary>
    internal const int MaxListed = 64;

    /// <summary>Gets the master that it leads a failover away from now; null if it leads none.</summary>
    internal HostAndPort? Leaves { get; init; }

    /// <summary>Gets the other sentinels that it knows, by their ids.</summary>
    internal ImmutableArray<(string Id, HostAndPort Address)> Sentinels { get; init; } = [];

    /// <summary>Gets the replicas that it knows.</summary>
    internal ImmutableArray<HostAndPort> Replicas { get; init; } = [];

    /// <summary>
    /// Reads the answers to <c>SENTINEL GET-MASTER-ADDR-BY-NAME</c>, <c>SENTINEL MASTER</c> and again <c>SENTINEL GET-MASTER-ADDR-BY-NAME</c>; null if they are none, or do not belong together. Whatever they hold, this does not throw.
    /// </summary>
    /// <remarks>
    /// The leader of a failover has the new epoch on the old address for a while in the second: from the promotion on until the other replicas follow. To clients, and to the other sentinels, it gives the new one by then.
    /// </remarks>
    internal static SentinelWord? Read(string id, RespValue before, RespValue master, RespValue after)
    {
        if (AddressOf(before) is not { } given || AddressOf(after) != given || FieldsOf(master) is not { } fields || Announced.Read(fields.GetValueOrDefault("ip"), fields.GetValueOrDefault("port")) is not { } own)
        {
            return null;
        }

        string[] flags = fields.GetValueOrDefault("flags", "").Split(',');
        bool leads = flags.Contains("failover_in_progress");
        return (own == given || leads)
            && Number(fields, "config-epoch", long.MaxValue) is { } epoch
            && Number(fields, "num-other-sentinels", 1000) is { } others
            && Number(fields, "quorum", int.MaxValue) is { } quorum
                ? new(id, given, epoch, flags.Contains("s_down"), flags.Contains("o_down"), (int)others, (int)quorum, Time(fields, "down-after-milliseconds"), Time(fields, "failover-timeout")) { Leaves = leads ? own : null }
                : null;
    }

    /// <summary>Takes in the answers to <c>SENTINEL SENTINELS</c> and <c>SENTINEL REPLICAS</c>; null if they are none. Who is listed with nonsense is left out.</summary>
    internal SentinelWord? With(RespValue sentinels, RespValue replicas) =>
        sentinels is { Kind: RespKind.Array, Items.Length: <= MaxListed } && replicas is { Kind: RespKind.Array, Items.Length: <= MaxListed }
            ? this with
            {
                Sentinels = [.. from item in sentinels.Items.Select(ListedIn) where item.Address is not null && IsId(item.Id) select (item.Id!, item.Address!.Value)],
                Replicas = [.. from item in replicas.Items.Select(ListedIn) where item.Address is not null select item.Address!.Value],
            }
            : null;

    /// <summary>Whether a text can be the id of a sentinel.</summary>
    internal static bool IsId(string? text) => text is { Length: 40 } && text.All(char.IsAsciiLetterOrDigit);

    private static (string? Id, HostAndPort? Address) ListedIn(RespValue item)
    {
        Dictionary<string, string>? fields = FieldsOf(item);
        return (fields?.GetValueOrDefault("runid"), Announced.Read(fields?.GetValueOrDefault("ip"), fields?.GetValueOrDefault("port")));
    }

    private static HostAndPort? AddressOf(RespValue answer) => answer is { Kind: RespKind.Array, Items: [{ } host, { } port] } ? Announced.Read(host.Text, port.Text) : null;

    /// <summary>Reads a list that gives names and values in turn; null if it is none.</summary>
    internal static Dictionary<string, string>? FieldsOf(RespValue answer)
    {
        if (answer.Kind != RespKind.Array || answer.Items.Length % 2 != 0)
        {
            return null;
        }

        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        for (int i = 0; i < answer.Items.Length; i += 2)
        {
            if (answer.Items[i].Text is not { } name || answer.Items[i + 1].Text is not { } value)
            {
                return null;
            }

            fields[name] = value;
        }

        return fields;
    }

    private static long? Number(Dictionary<string, string> fields, string name, long most) =>
        long.TryParse(fields.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= most ? number : null;

    private static TimeSpan Time(Dictionary<string, string> fields, string name) => TimeSpan.FromMilliseconds(Number(fields, name, int.MaxValue) ?? 0);
}
