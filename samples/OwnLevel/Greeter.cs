using System.Net;
using System.Net.Sockets;

namespace OwnLevel;

/// <summary>A server that greets whoever connects, until it is disposed of.</summary>
internal sealed class Greeter : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _greeting;

    public Greeter()
    {
        _listener.Start();
        _greeting = GreetAsync();
    }

    public Uri Address => new($"tcp://{_listener.LocalEndpoint}");

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _greeting;
    }

    private async Task GreetAsync()
    {
        try
        {
            while (true)
            {
                using Socket caller = await _listener.AcceptSocketAsync();
                await caller.SendAsync("220 ready\r\n"u8.ToArray());
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // Stopped, while it waited for a caller or just before.
        }
    }
}
