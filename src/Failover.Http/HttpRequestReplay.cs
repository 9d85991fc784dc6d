namespace Failover.Http;

/// <summary>Lets single requests be sent again where their method alone would not allow it.</summary>
public static class HttpRequestReplay
{
    private static readonly HttpRequestOptionsKey<bool> Key = new("Failover.AllowReplay");

    /// <summary>Reading the options of a request makes them where there are none. So they are not looked at before somebody has set ours.</summary>
    private static volatile bool s_isUsed;

    /// <summary>
    /// Says that this request may be executed twice, so that it is sent to the next member when the first one may have executed it: for a POST or PATCH whose receiver knows by other means than an
    /// <c>Idempotency-Key</c> header that it has seen it before. Copies of the request that take its options along may be sent again, too. Content that cannot be sent a second time is not.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <returns>The request.</returns>
    public static HttpRequestMessage AllowReplay(this HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        s_isUsed = true;
        request.Options.Set(Key, true);
        return request;
    }

    internal static bool IsAllowed(HttpRequestMessage request) => s_isUsed && request.Options.TryGetValue(Key, out bool isAllowed) && isAllowed;
}
