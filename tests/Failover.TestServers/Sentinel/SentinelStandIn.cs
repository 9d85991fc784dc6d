using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Failover.TestServers.Resp;

namespace Failover.TestServers.Sentinel;

/// <summary>Stands in for a sentinel, and says what a test wants it to: it lies, answers nonsense, or takes commands and never answers. Subscriptions are taken, and <see cref="PublishAsync"/> reaches them.</summary>
public sealed class SentinelStandIn : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<(NetworkStream Stream, string To), byte> _subscribers = [];
    private readonly ConcurrentQueue<string> _commands = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    private SentinelStandIn(Func<IReadOnlyList<string>, string?> answer)
    {
        Answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Gets the port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

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
        foreach ((NetworkStream stream, string to) in _subscribers.Keys)
        {
            if (to == channel)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(Array("message", channel, message)), _stop.Token);
            }
            else if (to.EndsWith('*') && channel.StartsWith(to[..^1], StringComparison.Ordinal))
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(Array("pmessage", to, channel, message)), _stop.Token);
            }
        }
    }

    /// <summary>Closes all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private static string Bulk(string item) => $"${Text(Encoding.UTF8.GetByteCount(item))}\r\n{item}\r\n";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
            {
                // No longer listening, maybe where one had just come.
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient connection = client;
        NetworkStream stream = client.GetStream();
        PipeReader reader = PipeReader.Create(stream);
        try
        {
            while (true)
            {
                ReadResult read = await reader.ReadAsync(_stop.Token);
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
                    await SubscribeAsync(stream, command);
                }
                else if (Answer(command) is { } answer)
                {
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), _stop.Token);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
        {
            // The caller went away, or the test is over.
        }
        finally
        {
            foreach ((NetworkStream, string) one in _subscribers.Keys.Where(one => one.Stream == stream))
            {
                _subscribers.TryRemove(one, out _);
            }
        }
    }

    private async Task SubscribeAsync(NetworkStream stream, string[] command)
    {
        foreach (string to in command.Skip(1))
        {
            _subscribers.TryAdd((stream, to), 0);
            string kind = command[0].ToLowerInvariant();
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"*3\r\n{Bulk(kind)}{Bulk(to)}:1\r\n"), _stop.Token);
        }
    }
}
