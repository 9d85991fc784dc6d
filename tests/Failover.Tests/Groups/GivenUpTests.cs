using Failover.Groups;

namespace Failover.Tests.Groups;

/// <summary>What those hear who wait for a member.</summary>
public sealed class GivenUpTests
{
    // Not the active one: nothing else of the group changes.
    [Fact]
    public async Task Who_waits_for_a_member_hears_that_it_was_given_up()
    {
        await using Watched group = await Watched.SettledAsync();
        CancellationToken ofA = group[group.A].GivenUp;
        CancellationToken ofB = group[group.B].GivenUp;
        Verdict seen = default;
        using CancellationTokenRegistration waits = ofB.Register(() => seen = group[group.B].Verdict);
        MemberMeter meter = group[group.B].Meter;

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(ofB, group[group.B].GivenUp);
            meter.Failed(meter.Start());
        }

        await Until.True(() => ofB.IsCancellationRequested && seen != default);
        Assert.Equal(Verdict.Unhealthy, seen);
        Assert.NotEqual(ofB, group[group.B].GivenUp);
        Assert.False(group[group.B].GivenUp.IsCancellationRequested);
        Assert.Equal(ofA, group[group.A].GivenUp);
        Assert.False(ofA.IsCancellationRequested);
    }

    [Fact]
    public async Task Who_waits_for_a_member_that_was_given_up_hears_that_another_recovers()
    {
        await using Watched group = await Watched.SettledAsync();
        group.Probe.Answer(group.A, ProbeResult.Timeout("silent"));
        group.Probe.Answer(group.B, ProbeResult.Timeout("silent"));
        Fail(group.A);
        CancellationToken ofA = group[group.A].GivenUp;
        Fail(group.B);
        Assert.Equal(ofA, group[group.A].GivenUp);
        CancellationToken ofB = group[group.B].GivenUp;
        Verdict seen = default;
        using CancellationTokenRegistration waits = ofA.Register(() => seen = group[group.B].Verdict);

        // A probe that fails in between begins the count anew.
        while (group[group.B].Verdict == Verdict.Unhealthy)
        {
            Assert.False(ofA.IsCancellationRequested);
            group[group.B].Meter.Succeeded(group[group.B].Meter.Start());
        }

        await Until.True(() => ofA.IsCancellationRequested && seen != default);
        Assert.NotEqual(Verdict.Unhealthy, seen);
        Assert.False(group[group.A].GivenUp.IsCancellationRequested);
        Assert.Equal(ofB, group[group.B].GivenUp);
        Assert.False(ofB.IsCancellationRequested);

        void Fail(FailoverMember member)
        {
            MemberMeter meter = group[member].Meter;
            for (int i = 0; i < 3; i++)
            {
                meter.Failed(meter.Start());
            }

            Assert.Equal(Verdict.Unhealthy, group[member].Verdict);
        }
    }
}
