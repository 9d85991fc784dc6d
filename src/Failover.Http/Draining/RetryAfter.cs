using System.Net;
using System.Net.Http.Headers;

namespace Failover.Http.Draining;

/// <summary><c>Retry-After</c> on a 503: how long the server expects to be unavailable (RFC 9110, 10.2.3), in seconds or as a date.</summary>
internal static class RetryAfter
{
    private const string Header = "Retry-After";

    internal static bool IsOn(HttpResponseMessage response) => response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.NonValidated.Contains(Header);

    /// <summary>How long from now on; null if it does not say, or says that the time is over.</summary>
    internal static TimeSpan? Of(HttpResponseMessage response, TimeProvider time)
    {
        if (!IsOn(response) || !response.Headers.NonValidated.TryGetValues(Header, out HeaderStringValues values) || values.Count != 1)
        {
            return null;
        }

        TimeSpan? wait = DrainMarker.ParseSeconds(values.ToString()) ?? response.Headers.RetryAfter?.Date - time.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : null;
    }
}
