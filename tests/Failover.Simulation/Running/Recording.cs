using System.Collections.Immutable;
using Failover.Election;
using Failover.Engine;
using Failover.Simulation.Checking;

namespace Failover.Simulation.Running;

/// <summary>How a life of a group began.</summary>
internal sealed record Beginning(GroupSettings Settings, ImmutableArray<FailoverMember> Members, EpochBook Epochs, ulong Seed, Moment Now);

/// <summary>An event that was fed.</summary>
/// <param name="Event">The event.</param>
/// <param name="Now">When.</param>
/// <param name="Answers">Whether it was an answer that the engine waited for.</param>
internal readonly record struct Fed(GroupEvent Event, Moment Now, bool Answers);

/// <summary>All that the engine of one host was fed in one life: enough to run it again without the world.</summary>
internal sealed record Recording(Beginning Beginning, List<Fed> Events)
{
    internal void Add(GroupState before, GroupEvent happened, Moment now) => Events.Add(new(happened, now, happened switch
    {
        ProbeCompleted probe => before.Find(probe.Member) is { } member && (member.Probing || member.Stuck) && member.Incarnation == probe.Incarnation && member.Attempt == probe.Attempt,
        SwitchCompleted completed => before.Switch.InFlight && before.Switch.Operation == completed.Operation,
        _ => false,
    }));

    /// <summary>Runs it again.</summary>
    /// <param name="fold">The engine.</param>
    /// <param name="adapted">
    /// Whether some events may have been left out: then the timer rings when the engine wants it in place of the ticks that were recorded, and an answer is given to
    /// whatever the engine asks in place of what it asked then.
    /// </param>
    /// <returns>The invariant that did not hold; null if all did.</returns>
    internal InvariantViolated? Replay(IFold fold, bool adapted = false)
    {
        try
        {
            Replayer replayer = new(this, fold);
            foreach (Fed fed in Events)
            {
                replayer.Feed(fed, adapted);
            }

            return null;
        }
        catch (InvariantViolated violated)
        {
            return violated;
        }
    }

    private sealed class Replayer
    {
        private readonly IFold _fold;
        private readonly Checker _checker;
        private Step _step;

        internal Replayer(Recording recording, IFold fold)
        {
            Beginning beginning = recording.Beginning;
            _fold = fold;
            _step = fold.Start(beginning.Settings, beginning.Members, beginning.Epochs, beginning.Seed, beginning.Now);
            _checker = new(beginning, _step);
        }

        internal void Feed(Fed fed, bool adapted)
        {
            if (!adapted)
            {
                Apply(fed.Event, fed.Now);
                return;
            }

            while (_step.State.WakeAt is var wake && wake <= fed.Now.Elapsed)
            {
                Apply(Tick.Instance, new(wake, fed.Now.Utc));
                if (_step.State.WakeAt <= wake)
                {
                    break;
                }
            }

            if (fed.Event is not Tick && (!fed.Answers || Adapt(fed.Event) is not null))
            {
                Apply(fed.Answers ? Adapt(fed.Event)! : fed.Event, fed.Now);
            }
        }

        private GroupEvent? Adapt(GroupEvent happened) => happened switch
        {
            ProbeCompleted probe when _step.State.Find(probe.Member) is { } member && (member.Probing || member.Stuck) =>
                probe with { Incarnation = member.Incarnation, Attempt = member.Attempt },
            SwitchCompleted completed when _step.State.Switch.InFlight => completed with { Operation = _step.State.Switch.Operation },
            _ => null,
        };

        private void Apply(GroupEvent happened, Moment now)
        {
            GroupState before = _step.State;
            _step = Checker.Guard(() => _fold.Apply(before, happened, now));
            _checker.Saw(new(happened, now, before, _step.State, _step.Effects));
        }
    }
}
