using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Failover.VirtualNode;

/// <summary>
/// Calls an address over a connection of its own at a steady pace, whatever became of the calls before, and prints a line a call: when it began, when it ended, and who answered, or <c>!</c> and why nobody did. Times are those of the
/// monotonic clock, which all processes of a machine have in common.
/// </summary>
internal static class AddressClient
{
    /// <summary>A packet that opens a connection and is lost is sent again after a second: a client that waits for no more than that would call each lost packet a failure.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private static readonly byte[] s_request = "GET / HTTP/1.1\r\nHost: site\r\nConnection: close\r\n\r\n"u8.ToArray();

    private static readonly Lock s_gate = new();

    internal static async Task<int> RunAsync(string address, string port, string interval)
    {
        EndWith(Console.In);
        IPEndPoint target = new(IPAddress.Parse(address), int.Parse(port, CultureInfo.InvariantCulture));
        using PeriodicTimer next = new(TimeSpan.FromMilliseconds(int.Parse(interval, CultureInfo.InvariantCulture)));
        Console.WriteLine("ready");
        while (await next.WaitForNextTickAsync())
        {
            _ = CallAsync(target);
        }

        return 0;
    }

    /// <summary>On a thread of its own: whoever started it may be gone at any time.</summary>
    internal static void EndWith(TextReader input) => new Thread(() =>
    {
        while (input.ReadLine() is not null)
        {
        }

        Environment.Exit(1);
    })
    { IsBackground = true }.Start();

    private static async Task CallAsync(IPEndPoint target)
    {
        long begun = Stopwatch.GetTimestamp();
        string answer = await AskAsync(target);
        long ended = Stopwatch.GetTimestamp();
        lock (s_gate)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{begun} {ended} {answer}"));
        }
    }

    private static async Task<string> AskAsync(IPEndPoint target)
    {
        using CancellationTokenSource end = new(Timeout);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1024);
        try
        {
            // Closed at once, without a goodbye: it has more calls to make than there are ports for connections that wait.
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { LingerState = new(true, 0) };
            await socket.ConnectAsync(target, end.Token);
            await socket.SendAsync(s_request, SocketFlags.None, end.Token);
            int length = 0;
            while (length < buffer.Length && await socket.ReceiveAsync(buffer.AsMemory(length), SocketFlags.None, end.Token) is > 0 and int read)
            {
                length += read;
            }

            string response = Encoding.ASCII.GetString(buffer, 0, length);
            string node = response[(response.LastIndexOf('\n') + 1)..];
            return response.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal) && node.Length > 0 ? node : "!answer";
        }
        catch (SocketException failure)
        {
            return $"!{failure.SocketErrorCode}";
        }
        catch (OperationCanceledException)
        {
            return "!timeout";
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
