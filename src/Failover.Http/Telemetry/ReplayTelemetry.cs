using System.Diagnostics;
using System.Diagnostics.Metrics;
using Failover.Http.Replay;
using Failover.Http.Routing;

namespace Failover.Http.Telemetry;

/// <summary>Counts and traces requests that failed on one member and were, or were not, sent to the next. Costs nothing before one fails; tags are built only where somebody listens.</summary>
internal sealed class ReplayTelemetry
{
    private const string Replay = "failover.http.replay";

    private const string Source = "Failover";

    private static readonly Meter Shared = new(Source);

    private readonly Counter<long> _replays;
    private readonly Counter<long> _refusals;

    /// <param name="meters">Null for the one meter of the process.</param>
    internal ReplayTelemetry(IMeterFactory? meters)
    {
        Meter meter = meters?.Create(Source) ?? Shared;
        _replays = meter.CreateCounter<long>("failover.http.replays", "{request}", "Requests that failed on one member and were sent to the next.");
        _refusals = meter.CreateCounter<long>("failover.http.replays.refused", "{request}", "Requests that failed on one member and were not sent to the next because the retry budget was empty.");
    }

    /// <param name="group">The name of the group.</param>
    /// <param name="sending">The request.</param>
    /// <param name="next">The index of the hop that it is sent to now. It failed on the one before.</param>
    /// <param name="errorType">Why.</param>
    internal void Replayed(string group, in Sending sending, int next, string errorType)
    {
        (Hop from, Hop to) = (sending.Table.Hops[next - 1], sending.Table.Hops[next]);
        if (_replays.Enabled)
        {
            TagList tags = Tags(group, sending.Method, from, errorType);
            tags.Add(HttpTags.To, to.Member.Name);
            _replays.Add(1, tags);
        }

        // .NET makes a span of each attempt, under the caller's. Here stands why there is another, also where the transport is not .NET's.
        if (Activity.Current is { IsAllDataRequested: true } caller)
        {
            caller.AddEvent(new ActivityEvent(Replay, tags: new()
            {
                [HttpTags.Group] = group,
                [HttpTags.From] = from.Member.Name,
                [HttpTags.To] = to.Member.Name,
                [HttpTags.ErrorType] = errorType,
                [HttpTags.ResendCount] = next,
            }));
        }
    }

    internal void Refused(string group, HttpMethod method, Hop from, string errorType)
    {
        if (_refusals.Enabled)
        {
            _refusals.Add(1, Tags(group, method, from, errorType));
        }
    }

    /// <summary>Of the attempt that failed. The address is the member's as it stands in the list, so that there are no more of them than members.</summary>
    private static TagList Tags(string group, HttpMethod method, Hop failed, string errorType) => new()
    {
        { HttpTags.Group, group },
        { HttpTags.From, failed.Member.Name },
        { HttpTags.Method, HttpTags.Of(method) },
        { HttpTags.ServerAddress, failed.Address.Uri.IdnHost },
        { HttpTags.ServerPort, failed.Address.Uri.Port },
        { HttpTags.ErrorType, errorType },
    };
}
