using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Failover.TestServers.Aws;

/// <summary>HTTP as far as AWS's clients need it: one request a connection.</summary>
internal static class AwsWire
{
    internal static async Task<AwsCall> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        MemoryStream head = new();
        byte[] one = new byte[1];
        while (!Encoding.Latin1.GetString(head.GetBuffer(), Math.Max(0, (int)head.Length - 4), (int)Math.Min(4, head.Length)).EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (head.Length > 65536 || await stream.ReadAsync(one, cancellationToken) == 0)
            {
                throw new IOException("No request.");
            }

            head.WriteByte(one[0]);
        }

        string[] lines = Encoding.Latin1.GetString(head.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        (string, string)[] headers = [.. lines.Skip(1).Select(static line => line.Split(':', 2)).Select(static header => (header[0], header[1].Trim()))];
        string[] request = lines[0].Split(' ');
        AwsCall call = new(request[0], request[1], headers, []);
        byte[] body = new byte[int.Parse(call["Content-Length"] ?? "0", CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, cancellationToken);
        return new(request[0], request[1], headers, body);
    }

    internal static async Task WriteAsync(NetworkStream stream, int status, byte[] body, DateTimeOffset now, CancellationToken cancellationToken)
    {
        byte[] head = Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Said\r\nContent-Type: text/xml\r\nDate: {now.ToString("r", CultureInfo.InvariantCulture)}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n");
        await stream.WriteAsync(head, cancellationToken);
        await stream.WriteAsync(body, cancellationToken);
    }
}
