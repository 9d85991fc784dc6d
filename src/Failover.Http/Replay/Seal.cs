using System.Net;

namespace Failover.Http.Replay;

/// <summary>
/// An empty content for a POST (or PATCH …) that has none. <see cref="SocketsHttpHandler"/> silently sends a request without content again when its connection is closed before an answer,
/// even a POST that has been executed; one with content it never repeats. On the wire nothing changes: <c>Content-Length: 0</c> stands there either way (RFC 9110, 8.6).
/// </summary>
internal sealed class Seal : HttpContent
{
    internal static bool IsNeeded(HttpRequestMessage request) => request.Content is null && !RequestKind.IsIdempotentMethod(request.Method) && request.Method != HttpMethod.Connect;

    internal static void Remove(HttpRequestMessage request)
    {
        if (request.Content is Seal)
        {
            request.Content = null;
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.CompletedTask;

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return true;
    }
}
