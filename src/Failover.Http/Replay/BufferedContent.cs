using System.Runtime.CompilerServices;

namespace Failover.Http.Replay;

/// <summary>Content that was read into memory before its first attempt, because the group is set so: then it can be sent a second time.</summary>
internal static class BufferedContent
{
    private static readonly object Mark = new();
    private static readonly ConditionalWeakTable<HttpContent, object> Known = [];

    /// <summary>Nobody looks anything up before the first content was buffered.</summary>
    private static volatile bool s_isUsed;

    internal static bool Contains(HttpContent content) => s_isUsed && Known.TryGetValue(content, out _);

    /// <summary>Whether it would help: the request may run twice, and all that is in the way is a content that says how long it is, which is not too long. One of unknown length could turn out to be longer when half of it is read.</summary>
    internal static bool IsWanted(HttpRequestMessage request, int most) =>
        most > 0 && request.Content is { } content && RequestKind.Of(request.Method, request) is { MayRunTwice: true, CanSendContentAgain: false } && content.Headers.ContentLength <= most;

    /// <summary>Reads it. What the content throws is its own, as it would be if it were read while it is sent.</summary>
    internal static async Task LoadAsync(HttpContent content, int most, CancellationToken cancellationToken)
    {
        await content.LoadIntoBufferAsync(most, cancellationToken).ConfigureAwait(false);
        s_isUsed = true;
        Known.TryAdd(content, Mark);
    }
}
