using System.Collections.Immutable;
using Failover.Engine;

namespace Failover.Groups;

/// <summary>What people and programs ask of a group.</summary>
internal sealed partial class GroupMonitor
{
    private Dictionary<Guid, TaskCompletionSource<Switchover>>? _switches;
    private long _requests;

    internal async Task<Switchover> SwitchToAsync(FailoverMember member, CancellationToken cancellationToken)
    {
        if (_parts.CannotSwitch is { } why)
        {
            throw new NotSupportedException(why);
        }

        cancellationToken.ThrowIfCancellationRequested();
        Start();
        TaskCompletionSource<Switchover>? wait = null;
        Switchover? made = null;
        string? refusal;
        bool carry;
        lock (_gate)
        {
            ThrowIfStopped();
            member = Known(member);
            SwitchRequested request = new(++_requests, member);
            Fold(request);
            RequestAnswer? answer = _state!.LastRequest;
            refusal = answer?.Request == request.Request ? answer.Refusal : "the engine failed on it; see the log";
            if (refusal is null && _state.Open is { } open && (open.Id == answer!.Switchover || (answer.Switchover is null && open.To.Equals(member))))
            {
                wait = Await(open.Id);
            }
            else if (refusal is null)
            {
                made = answer!.Switchover is { } id && _state.Last?.Id == id ? _state.Last : _lastCompleted;
            }

            carry = MustCarry();
        }

        CarryOutIf(carry);

        if (refusal is not null)
        {
            Log.SwitchRefused(_parts.Logger, Name, member, refusal);
            throw new InvalidOperationException($"{Name} cannot switch to {member.Name}: {refusal}");
        }

        return wait is null
            ? made ?? throw new InvalidOperationException($"{member.Name} is active already, and no switchover has made it so.")
            : await wait.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    internal FailoverMember Find(string nameOrAddress)
    {
        ImmutableArray<MemberSnapshot> members = (Snapshot ?? FirstSnapshot()).Members;
        MemberSnapshot? found = members.FirstOrDefault(m => string.Equals(m.Member.Name, nameOrAddress, StringComparison.OrdinalIgnoreCase));
        if (found is null && Uri.TryCreate(nameOrAddress, UriKind.Absolute, out Uri? address))
        {
            found = members.FirstOrDefault(m => m.Member.Address == address);
        }

        return found?.Member ?? throw NotAMember(nameOrAddress, nameof(nameOrAddress));
    }

    internal void Pin(bool pinned) => Command(new PinChanged(pinned));

    internal void Drain(FailoverMember member, TimeSpan? duration)
    {
        Start();
        bool carry;
        lock (_gate)
        {
            ThrowIfStopped();
            member = Known(member);
            TimeSpan now = Now().Elapsed;
            TimeSpan? until = duration is not { } time ? null : time > TimeSpan.MaxValue - now ? TimeSpan.MaxValue : now + time;
            Fold(new Drained(member, until));
            carry = MustCarry();
        }

        CarryOutIf(carry);
    }

    internal void SetMembers(FailoverMember[] members, bool? allowInsecure)
    {
        ThrowIfStopped();
        if (members.Length == 0)
        {
            Log.EmptyMemberList(_parts.Logger, Name);
            return;
        }

        ChangeMembers(members, allowInsecure, nameof(members), _ => [.. members]);
    }

    internal void AddMember(FailoverMember member) =>
        ChangeMembers([member], null, nameof(member), known => known.Contains(member) ? known : known.Add(member));

    internal void RemoveMember(FailoverMember member) => ChangeMembers([], null, nameof(member), known =>
        known.Length == 1 && known.Contains(member)
            ? throw new InvalidOperationException($"{member.Name} is the only member of {Name}.")
            : known.Remove(member));

    internal void TrustLineage(string lineage)
    {
        ThrowIfStopped();
        Log.LineageTrusted(_parts.Logger, Name, lineage);
        Command(new LineageTrusted(lineage));
    }

    internal void Hint(Hint hint)
    {
        if (_stopped || !TryStart())
        {
            return;
        }

        Log.HintReceived(_parts.Logger, Name, hint.Kind, hint.Source, hint.Member?.Name ?? "all members");
        Post(new HintReceived(hint));
    }

    internal void Reconfigure(GroupOptions options)
    {
        GroupSettings settings = SettingsOf.Options(_parts, options);
        bool carry;
        lock (_gate)
        {
            if (settings == _settings)
            {
                return;
            }

            _settings = settings;
            Fold(new OptionsChanged(settings));
            carry = MustCarry();
        }

        Log.SettingsChanged(_parts.Logger, Name);
        CarryOutIf(carry);
    }

    /// <summary>Shows why the configuration is not in force; null when it is. Never a secret.</summary>
    internal void ReportConfigurationError(string? error)
    {
        lock (_gate)
        {
            _configurationError = error;
            if (Snapshot is not null && !_stopped)
            {
                Show();
            }
        }
    }

    /// <summary>The one place where a running group gets another list. Nothing changes unless all of it may stand.</summary>
    /// <param name="given">What the caller brings.</param>
    /// <param name="allowInsecure">Whether the list may mix members with and without TLS from now on; null if that stays as it is.</param>
    /// <param name="parameter">How the caller names what it brings.</param>
    /// <param name="change">Makes the new list of the old one.</param>
    private void ChangeMembers(FailoverMember[] given, bool? allowInsecure, string parameter, Func<ImmutableArray<FailoverMember>, ImmutableArray<FailoverMember>> change)
    {
        ThrowIfStopped();
        Start();
        Refuse(_rules.Unfit(Name, given), parameter);
        bool carry;
        lock (_gate)
        {
            ThrowIfStopped();
            ImmutableArray<FailoverMember> known = [.. _state!.Members.Select(m => m.Member)];
            ImmutableArray<FailoverMember> changed = change(known);
            MemberRules rules = _rules with { AllowsInsecure = allowInsecure ?? _rules.AllowsInsecure };
            Refuse(rules.Misfits(Name, changed), parameter);
            _rules = rules;
            if (changed != known)
            {
                Fold(new MembersChanged(changed));
            }

            if (Snapshot!.AllowsInsecureMember != rules.AllowsInsecure)
            {
                Show();
            }

            carry = MustCarry();
        }

        CarryOutIf(carry);
    }

    /// <summary>What somebody asks for is done or refused: nobody is left to believe that a group that has ended did it.</summary>
    private void Command(GroupEvent happened)
    {
        Start();
        bool carry;
        lock (_gate)
        {
            ThrowIfStopped();
            Fold(happened);
            carry = MustCarry();
        }

        CarryOutIf(carry);
    }

    private void ThrowIfStopped() => ObjectDisposedException.ThrowIf(_stopped, typeof(FailoverGroup));

    private static void Refuse(IEnumerable<string> problems, string parameter)
    {
        string all = string.Join(' ', problems);
        if (all.Length > 0)
        {
            throw new ArgumentException(all, parameter);
        }
    }

    private FailoverMember Known(FailoverMember member) =>
        _state!.Find(member)?.Member ?? throw NotAMember(member.Name, nameof(member));

    private ArgumentException NotAMember(string asked, string parameter) =>
        new($"{asked} is not a member of {Name}, which has {string.Join(", ", _members.Members.Select(m => m.State.Member.Name))}.", parameter);

    private TaskCompletionSource<Switchover> Await(Guid id)
    {
        _switches ??= [];
        if (!_switches.TryGetValue(id, out TaskCompletionSource<Switchover>? wait))
        {
            _switches[id] = wait = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return wait;
    }
}
