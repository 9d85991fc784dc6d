using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Primitives;

namespace Failover.Scenarios.Clients;

/// <summary>Notes each change of a group as a caller would learn of it.</summary>
internal sealed class GroupWatch : IAsyncDisposable
{
    private readonly ConcurrentQueue<(long At, GroupCondition Condition)> _seen = [];
    private readonly SwitchoverCount _switchovers;
    private readonly IDisposable _subscription;

    internal GroupWatch(FailoverGroup group)
    {
        _switchovers = new(group);
        _subscription = ChangeToken.OnChange(group.GetChangeToken, () => _seen.Enqueue((Stopwatch.GetTimestamp(), group.Snapshot.Condition)));
    }

    internal int Switchovers => _switchovers.Value;

    /// <summary>How long after a moment the group was no longer settled, for the first time; null if it always was.</summary>
    internal TimeSpan? UnsettledAfter(long moment)
    {
        foreach ((long at, GroupCondition condition) in _seen)
        {
            if (at >= moment && condition != GroupCondition.Settled)
            {
                return Stopwatch.GetElapsedTime(moment, at);
            }
        }

        return null;
    }

    /// <summary>How long after a moment the group was settled again; negative if it was before, null if it was not at all.</summary>
    /// <param name="moment">When the new primary was there.</param>
    /// <param name="since">When the old one was lost.</param>
    internal TimeSpan? SettledAfter(long moment, long since)
    {
        bool isUnsettled = false;
        foreach ((long at, GroupCondition condition) in _seen)
        {
            if (isUnsettled && condition == GroupCondition.Settled)
            {
                return at < moment ? -Stopwatch.GetElapsedTime(at, moment) : Stopwatch.GetElapsedTime(moment, at);
            }

            isUnsettled |= at >= since && condition != GroupCondition.Settled;
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        _subscription.Dispose();
        await _switchovers.DisposeAsync();
    }
}
