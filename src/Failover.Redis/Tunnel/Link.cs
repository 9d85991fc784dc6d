using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Failover.Redis.Tunnel;

/// <summary>One connection of a multiplexer's, from before it is made. Safe for any thread.</summary>
/// <param name="socket">Its socket, which the multiplexer owns.</param>
/// <param name="type">What it is for.</param>
/// <param name="time">The clock.</param>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Socket and stream are the multiplexer's.")]
internal sealed class Link(Socket socket, ConnectionType type, TimeProvider time)
{
    /// <summary>When a socket that the multiplexer has made is sure to connect. That it is closed just before, the multiplexer does not expect: it would take it for connecting until its own timeout.</summary>
    private static readonly TimeSpan ConnectsWithin = TimeSpan.FromMilliseconds(250);

    private volatile HandoffStream? _stream;
    private int _isTold;
    private volatile bool _isCut;

    /// <summary>Gets whether commands go over it: one that only listens is moved together with that.</summary>
    internal bool IsForCommands { get; } = type == ConnectionType.Interactive;

    /// <summary>Gets its stream; null until the connection is handed to the multiplexer.</summary>
    internal HandoffStream? Stream => _stream;

    /// <summary>Gets whether it was cut.</summary>
    internal bool IsCut => _isCut;

    /// <summary>Gets where it leads; null until it is handed to the multiplexer.</summary>
    internal EndPoint? To { get; private set; }

    /// <summary>Gets whether it leads anywhere, or may yet. The multiplexer shuts down what it leaves, and what the other side has closed.</summary>
    internal bool IsOpen
    {
        get
        {
            try
            {
                if (_stream is { } stream)
                {
                    return !_isCut && !stream.HasEnded && socket.Connected;
                }

                // Not connected yet. Only one that was closed throws.
                _ = socket.LocalEndPoint;
                return !_isCut;
            }
            catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
            {
                return false;
            }
        }
    }

    /// <summary>Gets whether it ended though nobody here wanted it to.</summary>
    internal bool WasLost => _stream is not null && !_isCut && Volatile.Read(ref _isTold) == 0 && !IsOpen;

    /// <summary>Gets whether it is of this socket.</summary>
    internal bool IsOf(Socket other) => ReferenceEquals(other, socket);

    /// <summary>Hands it to the multiplexer.</summary>
    internal HandoffStream Begin(Stream stream)
    {
        To = socket.RemoteEndPoint;
        return _stream = new HandoffStream(stream);
    }

    /// <summary>Notes that the multiplexer is told that it has to leave.</summary>
    /// <returns>False if it was before.</returns>
    internal bool TryTell() => Interlocked.Exchange(ref _isTold, 1) == 0;

    /// <summary>Ends it at once: what waits for an answer ends, on a frozen server too. The multiplexer closes it then.</summary>
    internal void Cut()
    {
        if (!IsOpen)
        {
            return;
        }

        _isCut = true;
        try
        {
            if (socket.Connected)
            {
                socket.Shutdown(SocketShutdown.Both);
            }
            else
            {
                _ = GiveUpAsync();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    /// <summary>Ends one that is still being made, to a host that may never answer. If it is made meanwhile, it is refused.</summary>
    private async Task GiveUpAsync()
    {
        await Task.Delay(ConnectsWithin, time).ConfigureAwait(false);
        socket.Dispose();
    }
}
