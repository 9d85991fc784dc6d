using System.Net;
using System.Net.Sockets;

namespace Failover.TestServers.Network;

/// <summary>Takes connections on a free port of the loopback and has each served, until it ends; then nothing is served any more. Who is served closes nothing.</summary>
internal sealed class Acceptor : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<TcpClient, CancellationToken, Task> _serve;
    private readonly Task _accepting;

    /// <param name="serve">Serves a connection. It may end by what the other side does, or by its token, which is cancelled at the end.</param>
    internal Acceptor(Func<TcpClient, CancellationToken, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        EndPoint = (IPEndPoint)_listener.LocalEndpoint;
        _accepting = AcceptAsync();
    }

    /// <summary>Gets where it is.</summary>
    internal IPEndPoint EndPoint { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> served = [];
        try
        {
            while (true)
            {
                served.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception exception) when (_stop.IsCancellationRequested && exception is (OperationCanceledException or SocketException or InvalidOperationException))
        {
            // Cancelled, or no longer listening where one had just come.
            await Task.WhenAll(served);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient its = client;
        try
        {
            await _serve(its, _stop.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException || (exception is InvalidOperationException && !its.Connected))
        {
            // The other side went away, maybe before it had a stream, or the test is over.
        }
    }
}
