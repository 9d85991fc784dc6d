using System.Globalization;
using System.Security.Cryptography;
using Failover.TestServers.Resp;
using Failover.TestServers.Servers;

namespace Failover.TestServers.Sentinel;

/// <summary>A sentinel of a set. It keeps what it knows when it is killed and started again. One that was frozen for two seconds trusts its clock no longer and does nothing for 30 (TILT): kill it instead.</summary>
public sealed class SentinelNode : RespServer
{
    private readonly SentinelSet _set;
    private string _id = NewId();

    internal SentinelNode(string name, SentinelSet set)
        : base(name) => _set = set;

    /// <inheritdoc/>
    protected override string ReadyWords => "+monitor master";

    // What Debian's redis-sentinel is.
    /// <inheritdoc/>
    protected override IReadOnlyList<string> Command => [RequiredServer.Locate("redis-server"), SettingsFile, "--sentinel"];

    private protected override string? Password => _set.SentinelPassword;

    private protected override ServerCertificate? Certificate => _set.Certificate;

    // The others are named: to find them takes seconds.
    private protected override IEnumerable<string> Settings =>
    [
        $"sentinel myid {_id}",
        $"sentinel monitor {Master} {Host} {_set.Nodes[0].Port} {(_set.Sentinels.Count / 2) + 1}",
        $"sentinel down-after-milliseconds {Master} {Milliseconds(_set.Options.DownAfter)}",
        $"sentinel failover-timeout {Master} {Milliseconds(_set.Options.FailoverTimeout)}",
        .. _set.Password is { } password ? new[] { $"sentinel auth-pass {Master} {password}" } : [],
        .. _set.Users is { } users ? new[] { users.WatcherLine } : [],
        .. Password is { } own ? new[] { $"sentinel sentinel-pass {own}" } : [],
        .. _set.Nodes.Skip(1).Select(static node => $"sentinel known-replica {Master} {node.Host} {node.Port}"),
        .. _set.Sentinels.Where(other => other != this).Select(static other => $"sentinel known-sentinel {Master} {other.Host} {other.Port} {other._id}"),
    ];

    private static string Master => SentinelSet.ServiceName;

    /// <summary>Asks the sentinel what it knows.</summary>
    /// <returns>Null if it does not answer.</returns>
    public async Task<SentinelView?> ViewAsync()
    {
        if (await TryAskAsync("SENTINEL", "MASTER", Master) is not object?[] said || await TryAskAsync("SENTINEL", "REPLICAS", Master) is not object?[] replicas)
        {
            return null;
        }

        Dictionary<string, string> fields = FieldsOf(said);
        return new(
            Number(fields["port"]),
            Number(fields["config-epoch"]),
            fields["flags"],
            Number(fields["num-other-sentinels"]),
            [.. replicas.Select(static replica => FieldsOf((object?[])replica!)).Select(static replica => (Number(replica["port"]), replica["flags"]))]);
    }

    internal void TakeNewId() => _id = NewId();

    private static Dictionary<string, string> FieldsOf(object?[] said) => said.Chunk(2).ToDictionary(static pair => (string)pair[0]!, static pair => (string)pair[1]!);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private static string NewId() => RandomNumberGenerator.GetHexString(40, lowercase: true);
}
