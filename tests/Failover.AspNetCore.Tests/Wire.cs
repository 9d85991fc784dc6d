using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Failover.AspNetCore.Tests;

/// <summary>A connection on which a test writes what it likes, and reads what comes.</summary>
internal sealed class Wire : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpClient _client = new();

    private Wire()
    {
    }

    internal static async Task<Wire> OpenAsync(int port)
    {
        Wire wire = new();
        using CancellationTokenSource limit = new(Patience);
        await wire._client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
        return wire;
    }

    /// <summary>Sends text, and reads until the server closes.</summary>
    internal static async Task<string> AskAsync(int port, string text)
    {
        using Wire wire = await OpenAsync(port);
        await wire.SendAsync(text);
        return await wire.ToEndAsync();
    }

    internal async Task SendAsync(string text)
    {
        using CancellationTokenSource limit = new(Patience);
        await _client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text), limit.Token);
    }

    /// <summary>Reads until a text has come, or the server has closed.</summary>
    internal async Task<string> UntilAsync(string text)
    {
        StringBuilder read = new();
        byte[] buffer = new byte[4096];
        using CancellationTokenSource limit = new(Patience);
        while (text.Length == 0 || !read.ToString().Contains(text, StringComparison.Ordinal))
        {
            int count;
            try
            {
                count = await _client.GetStream().ReadAsync(buffer, limit.Token);
            }
            catch (IOException)
            {
                break;
            }

            if (count == 0)
            {
                break;
            }

            read.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return read.ToString();
    }

    internal Task<string> ToEndAsync() => UntilAsync("");

    public void Dispose() => _client.Dispose();
}
