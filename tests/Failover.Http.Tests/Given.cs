using System.Collections.Concurrent;

namespace Failover.Http.Tests;

/// <summary>Groups, and what stands around them.</summary>
internal static class Given
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>A group whose members are asked by a probe that tests control.</summary>
    internal static FailoverGroup Group(FakeProbe probe, params string[] addresses)
    {
        var builder = new FailoverGroupBuilder("orders").UseProbe(probe);
        foreach (string address in addresses)
        {
            builder.AddMember(new Uri(address));
        }

        return builder.Build();
    }

    /// <summary>Quick looks and a short hold-down, for tests that wait for a switchback.</summary>
    internal static void Quick(GroupOptions options)
    {
        options.Detection.ProbeInterval = TimeSpan.FromSeconds(1);
        options.Detection.TransitionInterval = TimeSpan.FromMilliseconds(50);
        options.Detection.DownInterval = TimeSpan.FromMilliseconds(200);
        options.Switchback.HoldDown = TimeSpan.FromMilliseconds(500);
    }

    /// <summary>Waits until something holds; fails with the last state if it does not within the limit.</summary>
    internal static async Task UntilAsync(Func<bool> holds, Func<string> state)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!holds())
        {
            if (limit.IsCancellationRequested)
            {
                Assert.Fail($"Did not come to pass within {Limit}: {state()}");
            }

            await Task.Delay(10);
        }
    }

    internal static Task ActiveAsync(FailoverGroup group, string authority) => UntilAsync(
        () => group.Snapshot.Active?.Address.Authority == authority,
        () => $"{group.Snapshot.Condition} {group.Snapshot.Active} {group.Snapshot.Reason} {string.Join(", ", group.Snapshot.Members.Select(member => $"{member.Member} {member.Verdict} {member.Evidence}"))}");

    /// <summary>Until then, a member that was heard stands before one that was not.</summary>
    internal static Task AllHealthyAsync(FailoverGroup group) => UntilAsync(
        () => group.Snapshot.Active is not null && group.Snapshot.Members.All(member => member.Verdict == Verdict.Healthy),
        () => string.Join(", ", group.Snapshot.Members.Select(member => $"{member.Member} {member.Verdict}")));

    /// <summary>What the meter of a member was told so far: succeeded, failed, disputed, and how many calls have not ended.</summary>
    internal static (long Succeeded, long Failed, long Disputed, int Waiting) Told(FailoverGroup group, int member)
    {
        MeterReading reading = group.Snapshot.Members[member].Meter.Read(default);
        return (reading.Succeeded, reading.Failed, reading.Disputed, reading.Waiting);
    }
}

/// <summary>A probe that finds every member healthy unless told otherwise.</summary>
internal sealed class FakeProbe : IMemberProbe
{
    private readonly ConcurrentDictionary<string, ProbeResult> _results = new();

    internal ConcurrentQueue<FailoverMember> Asked { get; } = new();

    internal FakeProbe Answers(string authority, ProbeResult result)
    {
        _results[authority] = result;
        return this;
    }

    public ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken)
    {
        Asked.Enqueue(member);
        return new(_results.GetValueOrDefault(member.Address.Authority, ProbeResult.Success()));
    }
}
