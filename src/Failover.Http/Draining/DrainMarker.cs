using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Failover.Http.Draining;

/// <summary>
/// The header with which a server says that it is leaving: <c>Failover-Drain: 20</c>, on an answer of any status, says that requests should go elsewhere for the next 20 seconds. One header field, one whole number of seconds from 1 on; anything
/// else is no marker.
/// </summary>
internal static class DrainMarker
{
    internal const string Header = "Failover-Drain";

    /// <summary>The members whose marker could not be read.</summary>
    private static readonly ConditionalWeakTable<FailoverMember, object> Unreadable = [];

    /// <summary>Whether there is such a header, whatever it says. Asked of every answer: the headers are not parsed, and nothing is allocated.</summary>
    internal static bool IsOn(HttpResponseMessage response) => response.Headers.NonValidated.Contains(Header);

    /// <summary>What the marker says; null if there is none, or none that can be read. How long is too long is the engine's matter.</summary>
    internal static TimeSpan? Of(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues(Header, out HeaderStringValues values) && values.Count == 1 ? ParseSeconds(values.ToString()) : null;

    /// <summary>Logs that there is a marker which says nothing; once a member, whether a request or a probe has met it.</summary>
    internal static void TellUnreadable(FailoverMember member, string group, ILogger logger)
    {
        if (Unreadable.TryAdd(member, Unreadable))
        {
            Log.DrainMarkerIgnored(logger, member.Name, group);
        }
    }

    /// <summary>Reads digits, however many, as a number of seconds; null if they are none, or all zeros.</summary>
    internal static TimeSpan? ParseSeconds(ReadOnlySpan<char> text)
    {
        const int MostDigits = 9;
        ReadOnlySpan<char> digits = text.TrimStart('0');
        return digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9') ? null
            : digits.Length > MostDigits ? TimeSpan.MaxValue
            : TimeSpan.FromSeconds(int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture));
    }
}
