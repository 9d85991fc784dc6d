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

    /// <summary>
    /// Whether it would help: the request may run twice, and all that is in the way is a content that says how long it is, which is not too long. One of unknown length could turn out to be longer when half of it is read; where that can be
    /// made anew nothing is lost, and in memory it can be taken from a member that is silent.
    /// </summary>
    internal static bool IsWanted(HttpRequestMessage request, int most) =>
        most > 0 && request.Content is { } content && RequestKind.Of(request.Method, request) is { MayRunTwice: true, CanSendContentAgain: var canSendAgain }
        && (content.Headers.ContentLength is { } length ? !canSendAgain && length <= most : canSendAgain);

    /// <summary>Reads it. What the content throws is its own, as it would be if it were read while it is sent. One that turns out to be too long stays as it was.</summary>
    internal static async Task LoadAsync(HttpContent content, int most, CancellationToken cancellationToken)
    {
        try
        {
            await content.LoadIntoBufferAsync(most, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException tooLong) when (tooLong.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded && SerializedContent.IsRepeatable(content))
        {
            return;
        }

        s_isUsed = true;
        Known.TryAdd(content, Mark);
    }
}
