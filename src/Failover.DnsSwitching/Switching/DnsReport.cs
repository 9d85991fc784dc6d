using Microsoft.Extensions.Logging;

namespace Failover.DnsSwitching.Switching;

/// <summary>Keeps what is known of a name, and tells what changes: each thing once, not at each look. Safe for any thread.</summary>
internal sealed class DnsReport(string name, string where, TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private DnsSwitchSnapshot _snapshot = new() { Name = name, Provider = where };
    private DnsRecordState? _expected;
    private bool _isDenied;

    internal DnsSwitchSnapshot Snapshot
    {
        get
        {
            lock (_gate)
            {
                return _snapshot;
            }
        }
    }

    /// <summary>The last move that was made, to be put back.</summary>
    internal SwitchReceipt? Receipt { get; private set; }

    internal void Receives(SwitchReceipt receipt)
    {
        if (receipt.Outcome == SwitchOutcome.Applied)
        {
            Receipt = receipt;
        }
    }

    /// <summary>The authority was read.</summary>
    /// <param name="state">What it shows.</param>
    /// <param name="isWanted">Whether a move is yet to be made.</param>
    /// <param name="obstacle">What keeps anybody here from moving it as it stands; null if nothing does.</param>
    internal void Reads(DnsRecordState state, bool isWanted, string? obstacle)
    {
        DnsRecordState? before;
        bool wasAway;
        lock (_gate)
        {
            before = _expected;
            _expected = state;
            wasAway = _snapshot.ReadProblem is not null;

            // What kept a move from being made is over when none is wanted any more, but for what the provider does not allow: that is proved anew.
            _snapshot = _snapshot with { State = state, ReadProblem = null, Problem = obstacle ?? (_isDenied || isWanted ? _snapshot.Problem : null) };
        }

        if (wasAway)
        {
            Log.ReadAgain(logger, name, where);
        }

        if (before is not null && !before.IsSameAs(state))
        {
            Log.Drifted(logger, name, before.Values, state.Values, state.OwnerText ?? "nobody's");
        }
    }

    /// <summary>A move was not begun.</summary>
    internal void Refuses(string reason)
    {
        lock (_gate)
        {
            _snapshot = _snapshot with { Problem = reason };
        }
    }

    internal void Fails(string reason)
    {
        bool isNew;
        lock (_gate)
        {
            isNew = _snapshot.ReadProblem is null;
            _snapshot = _snapshot with { ReadProblem = reason };
        }

        if (isNew)
        {
            Log.NotRead(logger, name, where, reason);
        }
    }

    /// <summary>The start-up probe has come back.</summary>
    internal void Probes(DnsOutcome? outcome)
    {
        string? problem = outcome is null ? null : DnsWords.Of(outcome);
        bool isNews;
        lock (_gate)
        {
            isNews = problem is null ? !_snapshot.IsProven : problem != _snapshot.Problem;
            _isDenied = problem is not null;
            _snapshot = _snapshot with { Problem = problem, IsProven = problem is null };
        }

        if (!isNews)
        {
            return;
        }

        if (problem is null)
        {
            Log.Proven(logger, name, where);
        }
        else
        {
            Log.NotProven(logger, name, where, problem);
        }
    }

    /// <summary>A change was sent.</summary>
    internal void Applies(DnsChange change, DnsOutcome outcome)
    {
        bool worked = outcome is DnsOutcome.Applied or DnsOutcome.AlreadyThere;
        DnsRecordState? state = outcome switch
        {
            DnsOutcome.Applied applied => applied.ReadBack,
            DnsOutcome.AlreadyThere there => there.State,
            DnsOutcome.Ignored ignored => ignored.Actual,
            DnsOutcome.Conflict conflict => conflict.Actual,
            _ => null,
        };
        lock (_gate)
        {
            _expected = state ?? _expected;
            _isDenied = outcome is DnsOutcome.Denied || (_isDenied && !worked);
            _snapshot = _snapshot with
            {
                State = state ?? _snapshot.State,
                Problem = worked ? null : $"{outcome.GetType().Name}: {DnsWords.Of(outcome)}",
                IsProven = worked || (_snapshot.IsProven && outcome is not DnsOutcome.Denied),
                LastMove = worked ? time.GetUtcNow() : _snapshot.LastMove,
            };
        }

        if (worked)
        {
            // What clients see of a name that is proxied does not change at all.
            TimeSpan kept = change.From is { IsProxied: false, TimeToLive: { } timeToLive } ? timeToLive : TimeSpan.Zero;
            Log.Moved(logger, name, change.From.Values, change.Values, change.Owner, time.GetUtcNow() + kept);
        }
        else
        {
            Log.NotMoved(logger, name, change.Values, $"{outcome.GetType().Name}: {DnsWords.Of(outcome)}");
        }
    }
}
