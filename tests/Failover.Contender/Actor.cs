using System.Globalization;
using System.Net.Sockets;

namespace Failover.Contender;

/// <summary>Acts each few milliseconds for as long as it is told that it is the primary: asked right before each act.</summary>
internal sealed class Actor(ContenderOptions options)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    /// <summary>Acts until this process is the primary no longer.</summary>
    /// <param name="isPrimary">Whether it is, at this instant.</param>
    /// <param name="lineage">What the token belongs to; empty for who has none.</param>
    /// <param name="token">The fencing token; 0 for who has none.</param>
    /// <param name="over">Cancelled when it is no longer.</param>
    internal async Task ActAsync(Func<bool> isPrimary, string lineage, long token, CancellationToken over)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{options.Holder}\t{Guid.NewGuid():N}\t{lineage}\t{token}");
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(options.Acts), over);
        await using NetworkStream stream = new(socket);
        using StreamReader reader = new(stream);
        await using StreamWriter writer = new(stream) { AutoFlush = true };
        using PeriodicTimer pace = new(Pace);
        while (isPrimary() && !over.IsCancellationRequested)
        {
            await writer.WriteLineAsync(line);
            await reader.ReadLineAsync(CancellationToken.None);
            await pace.WaitForNextTickAsync(over);
        }
    }
}
