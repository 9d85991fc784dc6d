using System.Net;
using System.Net.Sockets;

namespace Failover.DnsSwitching.Tests.Following;

/// <summary>A name server of UDP that says what the test wants, in the order that it wants; or nothing.</summary>
internal sealed class UdpServer : IAsyncDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    internal UdpServer(params string[] addresses)
    {
        Addresses = addresses;
        Port = ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;
        _serving = ServeAsync();
    }

    /// <summary>Gets or sets the IPv4 addresses of every name; without any it does not answer.</summary>
    internal string[] Addresses { get; set; }

    /// <summary>Gets or sets what is done when it was asked, before it answers.</summary>
    internal Action WhenAsked { get; set; } = static () => { };

    internal int Port { get; }

    internal int Asked { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                UdpReceiveResult question = await _socket.ReceiveAsync(_stop.Token);
                Asked++;
                WhenAsked();
                if (Addresses.Length > 0)
                {
                    await _socket.SendAsync(Answer(question.Buffer), question.RemoteEndPoint, _stop.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
    }

    private byte[] Answer(byte[] question)
    {
        int end = Array.IndexOf(question, (byte)0, 12) + 5;
        byte[][] addresses = question[end - 3] == 1 ? [.. Addresses.Select(static address => IPAddress.Parse(address).GetAddressBytes())] : [];

        // The id; an answer with authority, to one question; no more sections. Each address: the name of the question, A, IN, 30 s, 4 bytes.
        return
        [
            .. question[..2], 0x84, 0, 0, 1, 0, (byte)addresses.Length, 0, 0, 0, 0,
            .. question[12..end],
            .. addresses.SelectMany(static address => (byte[])[0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4, .. address]),
        ];
    }
}
