using System.Globalization;
using Failover.Redis.Sets;
using Failover.TestServers.Sentinel;

namespace Failover.Redis.Tests.Sentinel;

/// <summary>A stand-in that answers as a sentinel does, and says what a test has it say.</summary>
internal sealed class TalkingSentinel : IAsyncDisposable
{
    private readonly SentinelStandIn _server;
    private bool _isGone;

    internal TalkingSentinel(int number, HostAndPort master, long epoch)
    {
        (Id, Master, Epoch) = (Words.Id(number), master, epoch);
        _server = SentinelStandIn.Start(command => Answer(command) ?? Said(command));
    }

    internal string Id { get; set; }

    internal HostAndPort Master { get; set; }

    internal long Epoch { get; set; }

    internal string Flags { get; set; } = "master";

    internal int Others { get; set; } = 2;

    internal HostAndPort[] Replicas { get; set; } = [];

    internal (string Id, HostAndPort Address)[] Sentinels { get; set; } = [];

    /// <summary>Gets or sets what it answers in place of the truth; null to have it speak on. To let the caller wait: <see cref="Hang"/>.</summary>
    internal Func<IReadOnlyList<string>, string?> Answer { get; set; } = static _ => null;

    internal HostAndPort Address => new("127.0.0.1", _server.Port);

    internal IReadOnlyList<string> Commands => _server.Commands;

    internal Task TellAsync(string channel, string text) => _server.PublishAsync(channel, text);

    internal int Asked => _server.Commands.Count(static command => command.StartsWith("SENTINEL MASTER", StringComparison.Ordinal));

    /// <summary>Takes commands from now on, and answers none.</summary>
    internal void Hang() => _server.Answer = static _ => null;

    public async ValueTask DisposeAsync()
    {
        if (!_isGone)
        {
            _isGone = true;
            await _server.DisposeAsync();
        }
    }

    private string Said(IReadOnlyList<string> command) => string.Join(' ', command.Take(2)).ToUpperInvariant() switch
    {
        "SENTINEL MYID" => $"${Id.Length}\r\n{Id}\r\n",
        "SENTINEL GET-MASTER-ADDR-BY-NAME" => SentinelStandIn.Array(Master.Host, Text(Master.Port)),
        "SENTINEL MASTER" => SentinelStandIn.Array("name", Words.Service, "ip", Master.Host, "port", Text(Master.Port), "flags", Flags, "num-other-sentinels", Text(Others), "quorum", "2", "config-epoch", Text(Epoch), "down-after-milliseconds", "3000", "failover-timeout", "5000"),
        "SENTINEL SENTINELS" => Listed(Sentinels),
        "SENTINEL REPLICAS" => Listed(Replicas.Select(static node => ("", node))),
        var other when other.StartsWith("CLIENT", StringComparison.Ordinal) || other.StartsWith("AUTH", StringComparison.Ordinal) => "+OK\r\n",
        _ => "+PONG\r\n",
    };

    private static string Listed(IEnumerable<(string Id, HostAndPort Address)> all)
    {
        string[] items = [.. all.Select(static one => SentinelStandIn.Array("ip", one.Address.Host, "port", Text(one.Address.Port), "runid", one.Id))];
        return $"*{items.Length}\r\n" + string.Concat(items);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
