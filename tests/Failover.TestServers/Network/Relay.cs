using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Failover.TestServers.Network;

/// <summary>A network between a client and a server of the loopback that can fail, without any rights: the client connects to the relay's port. Blackholes are Linux's.</summary>
public sealed class Relay : IAsyncDisposable
{
    private const int Queue = 512;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<Socket, Socket> _pairs = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<CancellationToken, Task<int>> _target;
    private CancellationTokenSource _acceptable = new();
    private Task _accepting;
    private Socket? _filler;
    private volatile TaskCompletionSource _open = Opened();
    private volatile RelayMode _mode;

    private Relay(Func<CancellationToken, Task<int>> target)
    {
        _target = target;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(Queue);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync(_acceptable.Token);
    }

    /// <summary>Gets the port to connect to.</summary>
    public int Port { get; }

    /// <summary>Gets what the relay does.</summary>
    public RelayMode Mode => _mode;

    /// <summary>Starts a relay to a port.</summary>
    public static Relay Start(int port) => new(_ => Task.FromResult(port));

    /// <summary>Starts a relay that asks, for each connection, to which port it leads.</summary>
    public static Relay Start(Func<CancellationToken, Task<int>> port) => new(port);

    /// <summary>Changes what the relay does; when this has ended, it does so. One change at a time.</summary>
    public async Task BecomeAsync(RelayMode mode)
    {
        if (mode == _mode)
        {
            return;
        }

        if (mode == RelayMode.Blackhole)
        {
            _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _mode = mode;
            await StopAcceptingAsync();
            FillQueue();
            return;
        }

        bool wasBlackhole = _mode == RelayMode.Blackhole;
        _mode = mode;
        _open.TrySetResult();
        if (mode == RelayMode.Cut)
        {
            CutAll();
        }

        if (wasBlackhole)
        {
            EmptyQueue();
        }
    }

    /// <summary>Cuts all connections and frees the port.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await StopAcceptingAsync();
        _filler?.Dispose();
        _listener.Dispose();
        CutAll();
        _stop.Dispose();
    }

    /// <summary>Lets the kernel drop whoever asks to connect, as a network does that is not there: it does so when its queue is full, and one that nobody takes fills a queue of none.</summary>
    private void FillQueue()
    {
        _listener.Listen(0);
        _filler = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _filler.Connect(IPAddress.Loopback, Port);
    }

    private void EmptyQueue()
    {
        _listener.Listen(Queue);
        _filler?.Dispose();
        _filler = null;
        _acceptable = new();
        _accepting = AcceptAsync(_acceptable.Token);
    }

    private async Task StopAcceptingAsync()
    {
        await _acceptable.CancelAsync();
        await _accepting;
        _acceptable.Dispose();
    }

    private static TaskCompletionSource Opened()
    {
        TaskCompletionSource open = new();
        open.SetResult();
        return open;
    }

    private async Task AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                Socket client = await _listener.AcceptAsync(cancellationToken);
                _ = ServeAsync(client);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        _pairs[client] = server;
        try
        {
            await GateAsync();
            await server.ConnectAsync(IPAddress.Loopback, await _target(_stop.Token), _stop.Token);
            await Task.WhenAll(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // What one side does, the other sees.
        }
        finally
        {
            if (_pairs.TryRemove(client, out _))
            {
                Reset(client);
                Reset(server);
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[64 << 10];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var count)
            {
                await GateAsync();
                for (int sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _stop.Token);
                }
            }

            await GateAsync();
            to.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            // The other direction waits for a read that nothing else ends.
            Reset(from);
            Reset(to);
            throw;
        }
    }

    private async Task GateAsync()
    {
        while (Mode == RelayMode.Blackhole)
        {
            await _open.Task.WaitAsync(_stop.Token);
        }

        if (Mode == RelayMode.Cut)
        {
            throw new SocketException((int)SocketError.ConnectionReset);
        }
    }

    private void CutAll()
    {
        foreach ((Socket client, Socket server) in _pairs)
        {
            Reset(client);
            Reset(server);
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new(true, 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Closed already, or never connected.
        }

        socket.Dispose();
    }
}
