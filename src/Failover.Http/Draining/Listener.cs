using Failover.Http.Routing;
using Microsoft.Extensions.Logging;

namespace Failover.Http.Draining;

/// <summary>Passes on to a member's meter what the member says of itself in an answer to a request, beside the answer.</summary>
internal static class Listener
{
    /// <param name="sending">The request, as it is after the attempt.</param>
    /// <param name="hop">The member that it was sent to.</param>
    /// <param name="response">What came, if anything.</param>
    /// <param name="group">The name of the group.</param>
    /// <param name="logger">Where to log.</param>
    internal static void Hear(in Sending sending, Hop hop, HttpResponseMessage? response, string group, ILogger logger)
    {
        if (response is null)
        {
            return;
        }

        bool isMarked = DrainMarker.IsOn(response);
        if ((!isMarked && !RetryAfter.IsOn(response)) || sending.WasRedirectedFrom(hop))
        {
            return;
        }

        if (!isMarked)
        {
            hop.Meter.PutOff();
        }
        else if (DrainMarker.Of(response) is { } duration)
        {
            hop.Meter.Draining(duration);
        }
        else
        {
            DrainMarker.TellUnreadable(hop.Member, group, logger);
        }
    }
}
