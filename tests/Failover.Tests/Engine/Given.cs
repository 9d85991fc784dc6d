using System.Collections.Immutable;
using Failover.Election;
using Failover.Engine;

namespace Failover.Tests.Engine;

/// <summary>Beginnings: groups in a known state, with a clock that moves one second an event.</summary>
internal static class Given
{
    internal static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    internal static FailoverMember Member(string name) => new(name, new Uri($"http://{name}.test/"));

    internal static GroupSettings Priority => new() { Group = "orders" };

    internal static GroupSettings Role => new() { Group = "db", Elector = ElectorKind.Role };

    internal static GroupSettings Switched => new() { Group = "name", HasSwitcher = true };

    /// <summary>A group that has just been born: its first probes are under way.</summary>
    internal static Story Born(GroupSettings settings, params string[] members) =>
        new(GroupFold.Start(settings, [.. members.Select(Member)], EpochBook.Empty, seed: 42, At(TimeSpan.Zero)), TimeSpan.Zero);

    /// <summary>A priority group whose members have all answered well: the first is active.</summary>
    internal static Story Settled(params string[] members) => Settled(Priority, members);

    internal static Story Settled(GroupSettings settings, params string[] members)
    {
        Story story = Born(settings, members);
        foreach (string member in members)
        {
            story = story.Then(Probe.Succeeded(member));
        }

        Assert.Equal(GroupCondition.Settled, story.State.Condition);
        return story.Forget();
    }

    internal static Moment At(TimeSpan elapsed) => new(elapsed, Noon + elapsed);
}

/// <summary>A group and all effects since the beginning of interest. Immutable.</summary>
internal sealed record Story(GroupState State, ImmutableList<GroupEffect> Effects, TimeSpan Now)
{
    internal Story(Step step, TimeSpan now)
        : this(step.State, [.. step.Effects], now)
    {
    }

    internal FailoverMember? Active => State.Active;

    internal IEnumerable<Switchover> Published => Effects.OfType<Publish>().Select(p => p.Switchover);

    internal MemberState this[string member] => State.Find(Given.Member(member))!;

    /// <summary>Feeds what happened, one second after another.</summary>
    internal Story Then(params Happening[] happenings) => happenings.Aggregate(this, (story, next) => story.After(TimeSpan.FromSeconds(1), next));

    /// <summary>Feeds what happened at this very moment.</summary>
    internal Story AtOnce(params Happening[] happenings) => happenings.Aggregate(this, (story, next) => story.After(TimeSpan.Zero, next));

    /// <summary>Lets time pass, waking as the monitor would; probes that are sent meanwhile stay unanswered.</summary>
    internal Story Pass(TimeSpan time)
    {
        TimeSpan end = Now + time;
        Story story = this;
        while (story.State.WakeAt <= end && story.State.WakeAt > story.Now)
        {
            story = story.Feed(Tick.Instance, story.State.WakeAt);
        }

        return story.Feed(Tick.Instance, end);
    }

    /// <summary>Lets time pass with every probe answered as told.</summary>
    internal Story Pass(TimeSpan time, Func<FailoverMember, ProbeResult> answer) => Pass(time, (member, _) => answer(member));

    /// <summary>Lets time pass with every probe answered as told for the moment at which it is sent.</summary>
    internal Story Pass(TimeSpan time, Func<FailoverMember, TimeSpan, ProbeResult> answer)
    {
        TimeSpan end = Now + time;
        Story story = this;
        while (true)
        {
            MemberState? asked = story.State.Members.FirstOrDefault(m => m.Probing);
            if (asked is not null)
            {
                story = story.Feed(new ProbeCompleted(asked.Member, asked.Incarnation, asked.Attempt, answer(asked.Member, story.Now)), story.Now);
            }
            else if (story.State.WakeAt <= end)
            {
                story = story.Feed(Tick.Instance, story.State.WakeAt);
            }
            else
            {
                return story.Feed(Tick.Instance, end);
            }
        }
    }

    internal Story Forget() => this with { Effects = [] };

    internal Story Feed(GroupEvent happened, TimeSpan at)
    {
        Step step = GroupFold.Apply(State, happened, Given.At(at));
        return new(step.State, Effects.AddRange(step.Effects), at);
    }

    private Story After(TimeSpan time, Happening next)
    {
        // A probe's answer needs a probe: let time pass until it is sent.
        Story story = this with { Now = Now + time };
        (Story ready, GroupEvent happened) = next(story);
        return ready.Feed(happened, ready.Now);
    }
}

/// <summary>Makes an event that fits the group as it stands.</summary>
internal delegate (Story Story, GroupEvent Event) Happening(Story story);

/// <summary>Answers of probes.</summary>
internal static class Probe
{
    internal static Happening Succeeded(string member) => Answers(member, ProbeResult.Success());

    internal static Happening Failed(string member) => Answers(member, ProbeResult.Failure("refused"));

    internal static Happening Primary(string member, long? number = null, string lineage = "L") =>
        Answers(member, ProbeResult.Success(MemberRole.Primary, number is { } n ? new Epoch(lineage, n) : null));

    internal static Happening Replica(string member, long? number = null, string lineage = "L") =>
        Answers(member, ProbeResult.Success(MemberRole.Replica, number is { } n ? new Epoch(lineage, n) : null));

    internal static Happening Answers(string member, ProbeResult result, bool stillRunning = false) => story =>
    {
        while (!story[member].Probing && !story[member].Stuck)
        {
            Assert.True(story.State.WakeAt < TimeSpan.MaxValue, "The group sleeps for ever.");
            story = story.Feed(Tick.Instance, story.State.WakeAt > story.Now ? story.State.WakeAt : story.Now);
        }

        MemberState asked = story[member];
        return (story, new ProbeCompleted(asked.Member, asked.Incarnation, asked.Attempt, result, stillRunning));
    };
}

/// <summary>Readings of meters, as differences to the last.</summary>
internal static class Calls
{
    internal static Happening Succeed(string member, int count = 1) => Read(member, r => r with { Succeeded = r.Succeeded + count, FailuresInARow = 0 });

    internal static Happening Fail(string member, int count = 1) => Read(member, r => r with { Failed = r.Failed + count, FailuresInARow = r.FailuresInARow + count });

    internal static Happening Disputed(string member, int count = 1) => Read(member, r => r with { Disputed = r.Disputed + count });

    /// <summary>Calls that were in doubt turn out to have been the member's fault.</summary>
    internal static Happening Confirmed(string member, int count = 1) =>
        Read(member, r => r with { Disputed = r.Disputed - count, Failed = r.Failed + count, FailuresInARow = r.FailuresInARow + count });

    internal static Happening Wait(string member, int count, TimeSpan age) => Read(member, r => r with { Waiting = count, Overdue = count, OldestWaiting = age });

    internal static Happening Leaving(string member, TimeSpan time) => Read(member, r => r with { Drains = r.Drains + 1, DrainFor = time });

    internal static Happening PutOff(string member) => Read(member, r => r with { PutOff = r.PutOff + 1 });

    private static Happening Read(string member, Func<MeterReading, MeterReading> change) =>
        story => (story, new MeterRead(story[member].Member, story[member].Incarnation, change(story[member].Reading)));
}

/// <summary>What people and the outside say.</summary>
internal static class Ask
{
    internal static Happening Switch(string member) => story => (story, new SwitchRequested(7, Given.Member(member)));

    internal static Happening Drain(string member) => story => (story, new Drained(Given.Member(member), TimeSpan.MaxValue));

    internal static Happening Undrain(string member) => story => (story, new Drained(Given.Member(member), null));

    internal static Happening Pin(bool pinned = true) => story => (story, new PinChanged(pinned));

    internal static Happening Members(params string[] members) => story => (story, new MembersChanged([.. members.Select(Given.Member)]));

    internal static Happening Trust(string lineage) => story => (story, new LineageTrusted(lineage));

    internal static Happening Hint(Hint hint) => story => (story, new HintReceived(hint));

    internal static Happening Options(Func<GroupSettings, GroupSettings> change) => story => (story, new OptionsChanged(change(story.State.Settings)));

    internal static Happening Event(GroupEvent happened) => story => (story, happened);
}
