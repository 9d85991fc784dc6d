namespace Failover.Polly.Tests;

/// <summary>Groups of two members, and what their meters were told.</summary>
internal static class Given
{
    internal static FailoverGroup Group(IMemberProbe? probe = null) => new FailoverGroupBuilder("mail")
        .AddMember("a", new Uri("tcp://a.example.com:1"))
        .AddMember("b", new Uri("tcp://b.example.com:1"))
        .UseProbe(probe ?? new Up())
        .Build();

    internal static (long Succeeded, long Failed, long Disputed, int Waiting) Told(FailoverGroup group, string member)
    {
        MeterReading reading = group.Snapshot.Members.Single(m => m.Member.Name == member).Meter.Read(default);
        return (reading.Succeeded, reading.Failed, reading.Disputed, reading.Waiting);
    }

    internal static async Task UntilAsync(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!holds())
        {
            await Task.Delay(10, limit.Token);
        }
    }

    /// <summary>Finds every member healthy.</summary>
    private sealed class Up : IMemberProbe
    {
        public ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken) => new(ProbeResult.Success());
    }
}
