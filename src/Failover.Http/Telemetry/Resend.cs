using System.Runtime.CompilerServices;

namespace Failover.Http.Telemetry;

/// <summary>What the span of an attempt is to say that is not the request's first.</summary>
/// <param name="Group">The name of the group.</param>
/// <param name="Member">The name of the member that gets the attempt.</param>
/// <param name="Count">How often the request was sent before.</param>
internal sealed record Resend(string Group, string Member, int Count)
{
    private static readonly ConditionalWeakTable<HttpRequestMessage, Resend> Known = [];

    /// <summary>Nobody looks anything up before the first request was sent again.</summary>
    private static volatile bool s_isUsed;

    /// <summary>What the request's next attempts are; null for the first. Not an option of the request: to read those makes them, and first attempts are to cost nothing.</summary>
    internal static Resend? Of(HttpRequestMessage request) => s_isUsed && Known.TryGetValue(request, out Resend? resend) ? resend : null;

    internal static void Mark(HttpRequestMessage request, Resend resend)
    {
        s_isUsed = true;
        Known.AddOrUpdate(request, resend);
    }

    /// <summary>The request is over for us. Whoever sends the same message anew begins anew.</summary>
    internal static void Unmark(HttpRequestMessage request) => Known.Remove(request);
}
