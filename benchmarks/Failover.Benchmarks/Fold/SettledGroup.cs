using Failover.Election;
using Failover.Engine;

namespace Failover.Benchmarks.Fold;

/// <summary>A priority group whose members have all answered, and events that fit its state.</summary>
internal sealed class SettledGroup
{
    internal SettledGroup(int members)
    {
        GroupSettings settings = new() { Group = "orders" };
        Moment born = At(TimeSpan.Zero);
        GroupState state = GroupFold.Start(settings, [.. Enumerable.Range(0, members).Select(Member)], EpochBook.Empty, seed: 1, born).State;
        foreach (MemberState asked in state.Members)
        {
            state = GroupFold.Apply(state, Answers(asked, ProbeResult.Success()), born).State;
        }

        Idle = state;
        Now = At(TimeSpan.FromSeconds(1));
        Due = At(state.WakeAt);

        // The active member's next probe is under way; its answer is the event.
        MemberState first = state.Members[0];
        state = GroupFold.Apply(state, Tick.Instance, At(first.NextProbe)).State;
        Asked = state;
        Answer = Answers(state.Members[0], ProbeResult.Success());
        Failure = Answers(state.Members[0], ProbeResult.Failure("connection refused"));
        Calls = new MeterRead(first.Member, first.Incarnation, new() { Succeeded = 10 });
        FailedCalls = new MeterRead(first.Member, first.Incarnation, new() { Failed = 3, FailuresInARow = 3 });
    }

    /// <summary>Settled, no probe under way.</summary>
    internal GroupState Idle { get; }

    /// <summary>Settled, with a probe of the active member under way.</summary>
    internal GroupState Asked { get; }

    internal ProbeCompleted Answer { get; }

    internal ProbeCompleted Failure { get; }

    internal MeterRead Calls { get; }

    internal MeterRead FailedCalls { get; }

    /// <summary>A moment at which nothing is due.</summary>
    internal Moment Now { get; }

    /// <summary>When <see cref="Idle"/> wants to be woken.</summary>
    internal Moment Due { get; }

    private static FailoverMember Member(int number) => new($"m{number}", new Uri($"http://m{number}.example/"));

    private static ProbeCompleted Answers(MemberState asked, ProbeResult result) => new(asked.Member, asked.Incarnation, asked.Attempt, result);

    private static Moment At(TimeSpan elapsed) => new(elapsed, DateTimeOffset.UnixEpoch + elapsed);
}
