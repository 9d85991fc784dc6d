using System.Diagnostics;
using System.Net.Http.Headers;

namespace Failover.Http.Telemetry;

/// <summary>
/// Writes on the span of an attempt that it is not the first one. <see cref="SocketsHttpHandler"/> makes that span below every handler; where it puts the span's identity into the headers is the one place that gets to see both the span and
/// the request, and only while somebody traces.
/// </summary>
internal sealed class ResendPropagator(DistributedContextPropagator inner) : DistributedContextPropagator
{
    private const string TraceParent = "traceparent";

    public override IReadOnlyCollection<string> Fields => inner.Fields;

    /// <summary>Puts one before the propagator of a handler that has not sent anything yet.</summary>
    internal static void Attach(SocketsHttpHandler handler)
    {
        if (handler.ActivityHeadersPropagator is null or ResendPropagator)
        {
            return;
        }

        try
        {
            handler.ActivityHeadersPropagator = new ResendPropagator(handler.ActivityHeadersPropagator);
        }
        catch (InvalidOperationException)
        {
            // Others have sent through it already. Its spans lack our tags.
        }
    }

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        if (activity is not null && carrier is HttpRequestMessage request && Resend.Of(request) is { } resend)
        {
            if (activity.IsAllDataRequested)
            {
                activity.SetTag(HttpTags.ResendCount, resend.Count);
                activity.SetTag(HttpTags.Group, resend.Group);
                activity.SetTag(HttpTags.Member, resend.Member);
            }

            RemoveFormer(request.Headers, activity);
        }

        inner.Inject(activity, carrier, setter);
    }

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        inner.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => inner.ExtractBaggage(carrier, getter);

    /// <summary>A handler that follows no redirects leaves the header of the attempt before in place, and what the next server does would appear to be the work of the one before. Another trace's header is the caller's own.</summary>
    private static void RemoveFormer(HttpRequestHeaders headers, Activity activity)
    {
        if (headers.NonValidated.TryGetValues(TraceParent, out HeaderStringValues former) && former.ToString().Contains(activity.TraceId.ToHexString(), StringComparison.Ordinal))
        {
            headers.Remove(TraceParent);
        }
    }
}
