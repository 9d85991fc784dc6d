using Microsoft.Extensions.Logging;

namespace Failover.DnsSwitching.Switching;

/// <summary>Keeps what is known of a name, and tells what changes: each thing once, not at each look. Safe for any thread.</summary>
internal sealed class DnsReport(string name, string owner, string where, TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private DnsSwitchSnapshot _snapshot = new() { Name = name, Provider = where };
    private DnsRecordState? _expected;

    /// <summary>What the provider does not allow, as far as it was proved.</summary>
    private string? _denial;

    /// <summary>What keeps anybody here from moving the name as it stands.</summary>
    private string? _obstacle;

    /// <summary>Why the last move that is still wanted was not made.</summary>
    private string? _failure;
    private SwitchReceipt? _receipt;

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
    internal SwitchReceipt? Receipt => Volatile.Read(ref _receipt);

    internal void Receives(SwitchReceipt receipt)
    {
        if (receipt.Outcome == SwitchOutcome.Applied)
        {
            Volatile.Write(ref _receipt, receipt);
        }
    }

    /// <summary>It was put back: once is enough.</summary>
    internal void Restored(SwitchReceipt receipt) => Interlocked.CompareExchange(ref _receipt, null, receipt);

    /// <summary>The authority was read.</summary>
    /// <param name="state">What it shows.</param>
    /// <param name="isWanted">Whether a move is yet to be made.</param>
    /// <param name="obstacle">What keeps anybody here from moving it as it stands; null if nothing does.</param>
    internal void Reads(DnsRecordState state, bool isWanted, string? obstacle)
    {
        DnsRecordState? before;
        bool wasAway;
        bool isNews;
        lock (_gate)
        {
            before = _expected;
            _expected = state;
            wasAway = _snapshot.ReadProblem is not null;
            isNews = obstacle is not null && obstacle != _obstacle;
            _obstacle = obstacle;
            _failure = isWanted ? _failure : null;
            _snapshot = Told() with { State = state, ReadProblem = null };
        }

        if (wasAway)
        {
            Log.ReadAgain(logger, name, where);
        }

        if (before is not null && !before.IsSameAs(state))
        {
            TellChange(before, state);
        }

        if (isNews)
        {
            Log.KeptFromMoving(logger, name, obstacle!);
        }
    }

    private void TellChange(DnsRecordState before, DnsRecordState after)
    {
        if (after.OwnerText == before.OwnerText)
        {
            Log.Drifted(logger, name, Words(before), Words(after), "somebody who left the owner's record as it was");
        }
        else if (after.Owner?.App == owner)
        {
            Log.MovedElsewhere(logger, name, Words(before), Words(after), after.OwnerText!);
        }
        else
        {
            Log.Drifted(logger, name, Words(before), Words(after), after.OwnerText ?? "somebody who took the owner's record away");
        }
    }

    private static string Words(DnsRecordState state) => state.Values.Count == 0 ? "nothing" : state.Values.ToString();

    /// <summary>A move was not begun. Returns whether that is news.</summary>
    internal bool Refuses(string reason)
    {
        lock (_gate)
        {
            bool isNews = reason != _failure;
            _failure = reason;
            _snapshot = Told();
            return isNews;
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

    /// <summary>A probe has come back.</summary>
    internal void Probes(DnsOutcome? outcome)
    {
        string? problem = outcome is null ? null : DnsWords.Of(outcome);
        bool isNews;
        lock (_gate)
        {
            isNews = problem is null ? !_snapshot.IsProven : problem != _denial;
            _denial = problem;
            _snapshot = Told() with { IsProven = problem is null };
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

    /// <summary>A change was sent, and this came of it.</summary>
    /// <param name="change">The change.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="state">What the authority showed then; null if that is not known.</param>
    internal void Applies(DnsChange change, DnsOutcome outcome, DnsRecordState? state)
    {
        bool worked = outcome is DnsOutcome.Applied or DnsOutcome.AlreadyThere;
        string words = $"{outcome.GetType().Name}: {DnsWords.Of(outcome)}";
        bool isNews;
        lock (_gate)
        {
            _expected = state ?? _expected;
            isNews = worked || words != _failure;
            _failure = worked ? null : words;
            _denial = worked ? null : outcome is DnsOutcome.Denied ? DnsWords.Of(outcome) : _denial;
            _snapshot = Told() with
            {
                State = state ?? _snapshot.State,
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
        else if (isNews)
        {
            Log.NotMoved(logger, name, change.Values, words);
        }
    }

    private DnsSwitchSnapshot Told() => _snapshot with { Problem = _denial ?? _obstacle ?? _failure };
}
