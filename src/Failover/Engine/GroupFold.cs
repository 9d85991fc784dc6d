using System.Collections.Immutable;
using Failover.Election;

namespace Failover.Engine;

/// <summary>
/// The engine: a pure function from a state, an event and the time to the next state and what is to be done. An event that comes too late, or is about
/// a member that is gone, gives back the very same state.
/// </summary>
internal static class GroupFold
{
    /// <summary>The first state of a group, and its first probes.</summary>
    internal static Step Start(GroupSettings settings, ImmutableArray<FailoverMember> members, EpochBook epochs, ulong seed, Moment now)
    {
        GroupState born = new(settings)
        {
            Since = now,
            Epochs = (epochs.Trusted is null ? epochs : epochs with { TrustedHeard = now.Elapsed }).Ask(settings.TrustLineage, now.Elapsed),
            Random = new(seed),
        };
        Turn turn = new(born, now);
        Membership.Change(turn, members);
        return Conclude(turn);
    }

    internal static Step Apply(GroupState state, GroupEvent happened, Moment now)
    {
        Turn turn = new(state, now);

        // What was due before the event comes before it, whatever the event: the tick may come after it, and the next wake is set from now on.
        Observation.TimePassed(turn);
        bool counts = happened switch
        {
            ProbeCompleted probe => Observation.Probe(turn, probe),
            MeterRead read => Observation.Meter(turn, read),
            Tick => true,
            HintReceived hint => Requests.Hint(turn, hint.Hint),
            SwitchRequested request => Requests.Switch(turn, request),
            Drained drained => Requests.Drain(turn, drained),
            PinChanged pin => Requests.Pin(turn, pin),
            LineageTrusted trusted => Requests.Trust(turn, trusted),
            MembersChanged changed => Membership.Change(turn, changed.Members),
            OptionsChanged options => Membership.Reconfigure(turn, options.Settings),
            LeaseGranted granted => Acting.Granted(turn, granted),
            LeaseLost lost => Acting.Lost(turn, lost),
            SwitchCompleted completed => Acting.Completed(turn, completed),
            VisibleCompleted visible => Records.Seen(turn, visible),
            _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "Not an event of the engine."),
        };
        return counts ? Conclude(turn) : new(state, []);
    }

    private static Step Conclude(Turn turn)
    {
        Decision.Decide(turn);
        Acting.Act(turn);
        Schedule.Run(turn);
        return new(turn.State, turn.Effects);
    }
}
