using System.Net;
using System.Net.Sockets;
using Failover.AspNetCore.Draining;
using Failover.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Failover.AspNetCore.Haproxy;

/// <summary>
/// Answers HAProxy's agent checks: each connection gets one line, at once, whatever it sends. A line fits into the socket's buffer, so that no peer can make anybody wait; what is waited for, with a limit, is that the peer has read it.
/// </summary>
internal sealed class HaproxyAgent(NodeHealth health, NodeShutdown shutdown, LastGoodSection<HaproxyAgentOptions> options, TimeProvider time, ILogger<HaproxyAgent> logger) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private Socket? _listener;
    private int _connections;
    private volatile bool _serves;

    /// <summary>Where it listens; null before it does.</summary>
    internal IPEndPoint? EndPoint { get; private set; }

    /// <summary>How many connections are open.</summary>
    internal int Connections => Volatile.Read(ref _connections);

    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    internal void Begin()
    {
        HaproxyAgentOptions settings = options.Current;
        IPAddress address = IPAddress.Parse(settings.Address!);
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(address, settings.Port!.Value));
        _listener.Listen(settings.MaxConnections);
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        Log.AgentListens(logger, EndPoint.ToString());
        _ = Task.Run(() => AcceptAsync(_listener, settings));
    }

    /// <summary>Says that the app listens; until then the agent says that it is starting.</summary>
    internal void Serve() => _serves = true;

    public void Dispose()
    {
        _stopping.Cancel();
        _listener?.Dispose();
    }

    private async Task AcceptAsync(Socket listener, HaproxyAgentOptions settings)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Socket peer = await listener.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                bool mayStay = Interlocked.Increment(ref _connections) <= settings.MaxConnections;
                _ = AnswerAsync(peer, mayStay ? settings.Timeout : TimeSpan.Zero);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException && _stopping.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException exception)
            {
                // No descriptor is left, for example: that passes.
                Log.AgentAcceptFailed(logger, exception.SocketErrorCode.ToString());
                await Task.Delay(Pause, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task AnswerAsync(Socket peer, TimeSpan patience)
    {
        try
        {
            using (peer)
            {
                ReadOnlyMemory<byte> line = _serves ? AgentState.Of(health.Verdicts, shutdown.IsClosing) : AgentState.Starting;
                peer.Blocking = false;
                peer.Send(line.Span);
                peer.Shutdown(SocketShutdown.Send);
                if (patience > TimeSpan.Zero)
                {
                    await UntilClosedAsync(peer, patience).ConfigureAwait(false);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // A peer that is gone, or takes its time: it asks again.
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    /// <summary>Closing a connection with something unread in it resets it, and may take the answer along: what the peer sends is read, and thrown away.</summary>
    private async Task UntilClosedAsync(Socket peer, TimeSpan patience)
    {
        using CancellationTokenSource limit = new(patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping.Token);
        byte[] discarded = new byte[256];
        while (await peer.ReceiveAsync(discarded, either.Token).ConfigureAwait(false) > 0)
        {
        }
    }
}
