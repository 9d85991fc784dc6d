using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Failover.DnsSwitching.Switching;

/// <summary>
/// Moves a name to the values of the member that is to be active, through a provider: by compare-and-swap, under the owner and the token that stand beside the name, and never by force.
/// </summary>
/// <param name="parts">What it works with.</param>
internal sealed class DnsSwitcher(DnsSwitchParts parts) : IVisibleSwitcher
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>What the readings were made of, which the engine carries about as texts.</summary>
    private readonly ConditionalWeakTable<SwitchReading, DnsRecordState> _states = [];

    private readonly Lock _gate = new();
    private DnsRecordState? _last;

    /// <summary>The move that was sent last, if it is not known whether it was made.</summary>
    private DnsChange? _unknown;

    /// <summary>Why the last move was refused by what stands beside the name, and that: nothing changes it but another owner, or a newer lease.</summary>
    private (DnsOwner? Owner, string Why)? _outranked;

    /// <summary>Whether a move is made without a lease, as far as is known.</summary>
    private volatile bool _hasNoLease = !parts.HasLease;
    private long? _moved;
    private DateTimeOffset _restsUntil;

    /// <summary>A little longer than it is waited for here, where it is told who does not answer.</summary>
    public TimeSpan VisibleWithin => parts.Options().VisibleWithin + TimeSpan.FromSeconds(1);

    private string Name => parts.Name;

    public async ValueTask<SwitchReading> ReadAsync(CancellationToken cancellationToken)
    {
        switch (await parts.Provider.ReadAsync(Name, cancellationToken).ConfigureAwait(false))
        {
            case DnsRead.Found found:
                FailoverMember[] members = [.. parts.Members()];
                if (DnsTargets.Twins(members, parts.Options()) is var (one, other))
                {
                    // A reload has made them so. Which of both is active cannot be known: what is known is kept.
                    string same = $"it would be the same for {one.Name} and for {other.Name}: give each its own values in Failover:Dns:{parts.Group}:Targets";
                    parts.Report.Reads(found.State, parts.Switchover() is not null, same);
                    throw new SwitchReadException($"{Name} is not moved: {same}");
                }

                SwitchReading reading = Reading(found.State, members);
                Recognize(reading, found.State);
                parts.Report.Reads(found.State, parts.Switchover() is not null, WhyNot(found.State) ?? WhyOutranked(found.State.Owner) ?? (reading.Active is null
                    ? $"it {(found.State.Values.Count == 0 ? "holds no address and no alias" : $"points to none of the members of {parts.Group}, but to {found.State.Values}")}, and nothing moves it until somebody does: SwitchToAsync {(found.State.Values.Count == 0 ? "makes it" : "takes it over")}. They would be {string.Join("; ", members.Select(member => $"{member.Name}: {DnsTargets.Of(member, parts.Options())}"))}"
                    : null));
                Remember(found.State);
                return reading;
            case DnsRead.Denied denied:
                parts.Report.Fails(denied.Reason);
                throw new SwitchReadException($"{Name} cannot be read at {parts.Provider.Where}: {denied.Reason}");
            case DnsRead.Failed failed:
                parts.Report.Fails(failed.Reason);
                throw new SwitchReadException($"{Name} could not be read at {parts.Provider.Where}: {failed.Reason}");
            default:
                throw new InvalidOperationException("Not an outcome of a read.");
        }
    }

    public SwitchPlan Plan(SwitchReading reading, FailoverMember target)
    {
        DnsRecordState from = StateOf(reading);
        string? refusal = WhyNot(from);
        return new(reading, target, refusal is null ? Change(from, Values(target), null, "-").Steps : [$"nothing: {refusal}"]);
    }

    public async ValueTask<SwitchReceipt> ApplyAsync(SwitchPlan plan, long? fencingToken, CancellationToken cancellationToken)
    {
        DnsRecordState from = StateOf(plan.From);
        string? outranked = WhyNotUnder(from.Owner, fencingToken);
        _hasNoLease = fencingToken is null;
        lock (_gate)
        {
            _outranked = outranked is null ? null : (from.Owner, outranked);
        }

        if ((WhyNot(from) ?? outranked ?? StillCooling()) is { } refusal)
        {
            return Refused(plan, refusal);
        }

        DnsChange change = Change(from, Values(plan.Target), fencingToken, Operation());
        DnsOutcome outcome = await ApplyAsync(change, cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _unknown, outcome is DnsOutcome.Unknown ? change : null);
        return Receipt(plan, outcome);
    }

    /// <exception cref="InvalidOperationException">It cannot be put back: the name was not there before, or someone else has moved it since.</exception>
    public async ValueTask RestoreAsync(SwitchReceipt receipt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        DnsRecordState before = StateOf(receipt.Plan.From);
        if (receipt is not { Outcome: SwitchOutcome.Applied, ReadBack: { } after })
        {
            throw new InvalidOperationException($"{Name} was not moved: there is nothing to put back.");
        }

        if (before.Values.Count == 0)
        {
            throw new InvalidOperationException($"{Name} was not there before: a name is never taken away.");
        }

        DnsRecordState now = StateOf(after);
        DnsOutcome outcome = await ApplyAsync(new(now, before.Values, before.TimeToLive ?? parts.Options().TimeToLive, new(parts.Owner, now.Owner?.Token, Unique())), cancellationToken).ConfigureAwait(false);
        if (outcome is not (DnsOutcome.Applied or DnsOutcome.AlreadyThere))
        {
            throw new InvalidOperationException($"{Name} was not put back: {DnsWords.Of(outcome)}");
        }
    }

    public async ValueTask<bool> WaitUntilVisibleAsync(FailoverMember active, CancellationToken cancellationToken) =>
        await parts.Visibility.WaitAsync(Values(active), cancellationToken).ConfigureAwait(false);

    /// <summary>Says why the name must not be touched by this app; null if it may be.</summary>
    private string? WhyNot(DnsRecordState state) =>
        state.IsForeign ? $"{DnsOwner.RecordOf(Name)} holds a text that no switcher wrote: the name is someone else's. If it is not, remove that record"
        : state.Owner is { } owner && owner.App != parts.Owner ? $"the name belongs to {owner.App}, and this app is {parts.Owner} (Failover:Dns:{parts.Group}:Owner): see {DnsOwner.RecordOf(Name)}"
        : null;

    /// <summary>Says why a move is not made under a token; null if it may be.</summary>
    private string? WhyNotUnder(DnsOwner? owner, long? token) => owner?.Token switch
    {
        null => null,
        { } before when token is null => string.Create(CultureInfo.InvariantCulture, $"the name was moved under a lease, with the token number {before}, and this host has no arbiter: give it the same, or remove {DnsOwner.RecordOf(Name)}"),
        { } before when before > token => string.Create(CultureInfo.InvariantCulture, $"the name was moved under the token number {before}, and the lease of this host has {token}: it is an old one; or the arbiter was built anew: then remove {DnsOwner.RecordOf(Name)}"),
        _ => null,
    };

    /// <summary>Says why no move would be made here, as far as is known without trying one; null if nothing is known.</summary>
    private string? WhyOutranked(DnsOwner? owner)
    {
        if (_hasNoLease)
        {
            return WhyNotUnder(owner, null);
        }

        lock (_gate)
        {
            return _outranked is { } refused && refused.Owner == owner ? refused.Why : null;
        }
    }

    private string? StillCooling()
    {
        DnsSwitchOptions options = parts.Options();
        lock (_gate)
        {
            if (_moved is not { } moved || parts.IsAskedFor())
            {
                return null;
            }

            TimeSpan rest = options.CoolDown - parts.Time.GetElapsedTime(moved);
            return rest > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"it was moved less than {options.CoolDown.TotalSeconds:0.#} s ago (CoolDown), and rests until {_restsUntil:u}") : null;
        }
    }

    /// <summary>Sends a change once; where the provider wants fewer requests, and says after which pause, once more after that.</summary>
    private async Task<DnsOutcome> ApplyAsync(DnsChange change, CancellationToken cancellationToken)
    {
        DnsOutcome outcome = await parts.Provider.ApplyAsync(change, cancellationToken).ConfigureAwait(false);
        if (outcome is DnsOutcome.Throttled { After: { } pause } && pause <= LongestPause)
        {
            await Task.Delay(pause, parts.Time, cancellationToken).ConfigureAwait(false);
            outcome = await parts.Provider.ApplyAsync(change, cancellationToken).ConfigureAwait(false);
        }

        if (Shown(outcome) is { } state)
        {
            Remember(state);
        }

        parts.Report.Applies(change, outcome, Shown(outcome));
        return outcome;
    }

    private SwitchReceipt Receipt(SwitchPlan plan, DnsOutcome outcome)
    {
        SwitchOutcome told = outcome switch
        {
            DnsOutcome.Applied or DnsOutcome.AlreadyThere => SwitchOutcome.Applied,
            DnsOutcome.Conflict => SwitchOutcome.Conflict,
            DnsOutcome.Unknown => SwitchOutcome.Unknown,
            _ => SwitchOutcome.Failed,
        };
        SwitchReceipt receipt = new(plan, told, Shown(outcome) is { } state ? Reading(state, parts.Members()) : null, told == SwitchOutcome.Applied ? null : DnsWords.Of(outcome));
        parts.Report.Receives(receipt);
        return receipt;
    }

    private SwitchReceipt Refused(SwitchPlan plan, string refusal)
    {
        if (parts.Report.Refuses(refusal))
        {
            Log.NotMoved(parts.Logger, Name, plan.Target, refusal);
        }

        return new(plan, SwitchOutcome.Failed, plan.From, refusal);
    }

    private static DnsRecordState? Shown(DnsOutcome outcome) => outcome switch
    {
        DnsOutcome.Applied applied => applied.ReadBack,
        DnsOutcome.AlreadyThere there => there.State,
        DnsOutcome.Conflict conflict => conflict.Actual,
        DnsOutcome.Ignored ignored => ignored.Actual,
        _ => null,
    };

    /// <summary>Keeps what was seen last: the name rests after each change of it, whoever made it.</summary>
    private void Remember(DnsRecordState state)
    {
        lock (_gate)
        {
            if (_last is not null && !_last.IsSameAs(state))
            {
                _moved = parts.Time.GetTimestamp();
                _restsUntil = parts.Time.GetUtcNow() + parts.Options().CoolDown;
            }

            _last = state;
        }
    }

    /// <summary>A change of ours of which it was not known whether it was done is seen to be: it can be put back like any other.</summary>
    private void Recognize(SwitchReading reading, DnsRecordState state)
    {
        if (Volatile.Read(ref _unknown) is { } change && reading.Active is { } active && state.IsResultOf(change) && Interlocked.CompareExchange(ref _unknown, null, change) == change)
        {
            parts.Report.Applies(change, new DnsOutcome.AlreadyThere(state), state);
            parts.Report.Receives(new(new(Reading(change.From, parts.Members()), active, change.Steps), SwitchOutcome.Applied, reading, null));
        }
    }

    private SwitchReading Reading(DnsRecordState state, IEnumerable<FailoverMember> members)
    {
        SwitchReading reading = new(DnsTargets.Holder(state.Values, members, parts.Options()), $"{state.Values}; {state.OwnerText ?? "no owner"}");
        _states.Add(reading, state);
        return reading;
    }

    private DnsRecordState StateOf(SwitchReading reading) =>
        _states.TryGetValue(reading, out DnsRecordState? state) ? state : throw new ArgumentException("This reading was not made by this switcher.", nameof(reading));

    private DnsValues Values(FailoverMember member) =>
        DnsTargets.Of(member, parts.Options()) ?? throw new InvalidOperationException($"There are no values for {member.Name} in Targets.");

    private DnsChange Change(DnsRecordState from, DnsValues values, long? token, string operation) =>
        new(from, values, parts.Options().TimeToLive, new(parts.Owner, token, operation));

    /// <summary>The switchover that this is for, so that what was done and not heard of is known again; another word where there is none.</summary>
    private string Operation() => parts.Switchover() is { } id ? id.ToString("N")[..12] : Unique();

    private static string Unique() => Guid.NewGuid().ToString("N")[..12];
}
