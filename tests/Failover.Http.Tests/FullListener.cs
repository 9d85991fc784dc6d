using System.Net;
using System.Net.Sockets;

namespace Failover.Http.Tests;

/// <summary>Its queue of connections is full, and nobody takes one out: Linux answers no more to those who knock, as if the machine were gone. Elsewhere they are refused.</summary>
internal sealed class FullListener : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _first = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    internal FullListener()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
        _first.Connect(_listener.LocalEndPoint!);
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");
    }

    internal Uri Address { get; }

    public void Dispose()
    {
        _first.Dispose();
        _listener.Dispose();
    }
}
