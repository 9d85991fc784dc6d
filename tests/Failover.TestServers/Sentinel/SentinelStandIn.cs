using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Failover.TestServers.Network;
using Failover.TestServers.Resp;

namespace Failover.TestServers.Sentinel;

/// <summary>Stands in for a sentinel, and says what a test wants it to: it lies, answers nonsense, or takes commands and never answers. Subscriptions are taken, and <see cref="PublishAsync"/> reaches them.</summary>
public sealed class SentinelStandIn : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(NetworkStream Stream, string To), CancellationToken> _subscribers = [];
    private readonly ConcurrentQueue<string> _commands = [];
    private readonly Acceptor _acceptor;

    private SentinelStandIn(Func<IReadOnlyList<string>, string?> answer)
    {
        Answer = answer;
        _acceptor = new(ServeAsync);
    }

    /// <summary>Gets the port.</summary>
    public int Port => _acceptor.EndPoint.Port;

    /// <summary>Gets or sets what it answers to a command, as bytes of RESP: <c>+PONG\r\n</c>; null to keep the caller waiting.</summary>
    public Func<IReadOnlyList<string>, string?> Answer { get; set; }

    /// <summary>Gets the commands that came, words joined by blanks: what it was told, passwords too.</summary>
    public IReadOnlyList<string> Commands => [.. _commands];

    /// <summary>Starts on a free port.</summary>
    public static SentinelStandIn Start(Func<IReadOnlyList<string>, string?> answer) => new(answer);

    /// <summary>Starts a sentinel that names a master at an epoch, and no other sentinels and replicas.</summary>
    public static SentinelStandIn Naming(string host, int port, long epoch) => Start(command => string.Join(' ', command.Take(2)).ToUpperInvariant() switch
    {
        "SENTINEL GET-MASTER-ADDR-BY-NAME" => Array(host, Text(port)),
        "SENTINEL MASTER" => Array("name", SentinelSet.ServiceName, "ip", host, "port", Text(port), "flags", "master", "num-slaves", "0", "num-other-sentinels", "0", "quorum", "1", "config-epoch", Text(epoch)),
        "SENTINEL SENTINELS" or "SENTINEL REPLICAS" or "SENTINEL SLAVES" => Array(),
        "ROLE" => $"*2\r\n$8\r\nsentinel\r\n{Array(SentinelSet.ServiceName)}",
        "PING" => "+PONG\r\n",
        var other when other.StartsWith("AUTH", StringComparison.Ordinal) || other.StartsWith("CLIENT", StringComparison.Ordinal) => "+OK\r\n",
        _ => "-ERR unknown command\r\n",
    });

    /// <summary>An array of strings, as RESP.</summary>
    public static string Array(params string[] items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return $"*{Text(items.Length)}\r\n" + string.Concat(items.Select(Bulk));
    }

    /// <summary>Publishes to those who subscribed to the channel, or to a pattern.</summary>
    public async Task PublishAsync(string channel, string message)
    {
        foreach (((NetworkStream stream, string to), CancellationToken stop) in _subscribers)
        {
            if (to == channel)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(Array("message", channel, message)), stop);
            }
            else if (to.EndsWith('*') && channel.StartsWith(to[..^1], StringComparison.Ordinal))
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(Array("pmessage", to, channel, message)), stop);
            }
        }
    }

    /// <summary>Closes all connections.</summary>
    public ValueTask DisposeAsync() => _acceptor.DisposeAsync();

    private static string Bulk(string item) => $"${Text(Encoding.UTF8.GetByteCount(item))}\r\n{item}\r\n";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        NetworkStream stream = client.GetStream();
        PipeReader reader = PipeReader.Create(stream);
        try
        {
            while (true)
            {
                ReadResult read = await reader.ReadAsync(stop);
                if (!RespParser.TryParse(read.Buffer, out object? asked, out SequencePosition end))
                {
                    reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    if (read.IsCompleted)
                    {
                        return;
                    }

                    continue;
                }

                reader.AdvanceTo(end);
                string[] command = [.. ((object?[])asked!).Cast<string>()];
                _commands.Enqueue(string.Join(' ', command));
                if (command[0].ToUpperInvariant() is "SUBSCRIBE" or "PSUBSCRIBE")
                {
                    await SubscribeAsync(stream, command, stop);
                }
                else if (Answer(command) is { } answer)
                {
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), stop);
                }
            }
        }
        finally
        {
            foreach ((NetworkStream, string) one in _subscribers.Keys.Where(one => one.Stream == stream))
            {
                _subscribers.TryRemove(one, out _);
            }
        }
    }

    private async Task SubscribeAsync(NetworkStream stream, string[] command, CancellationToken stop)
    {
        foreach (string to in command.Skip(1))
        {
            _subscribers.TryAdd((stream, to), stop);
            string kind = command[0].ToLowerInvariant();
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"*3\r\n{Bulk(kind)}{Bulk(to)}:1\r\n"), stop);
        }
    }
}
