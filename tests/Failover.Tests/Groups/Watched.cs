using System.Diagnostics.Metrics;
using Failover.Groups;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Failover.Tests.Groups;

/// <summary>A group of a, b (and c) with a clock that stands still, a probe that answers well unless told otherwise, and a log that is kept.</summary>
internal sealed class Watched : IAsyncDisposable
{
    internal Watched(Action<FailoverGroupBuilder>? configure = null, string name = "orders")
    {
        Logs = new();
        using LoggerFactory loggers = new([new FakeLoggerProvider(Logs)]);
        FailoverGroupBuilder builder = new FailoverGroupBuilder(name)
            .AddMember(A)
            .AddMember(B)
            .UseProbe(Probe)
            .UseTimeProvider(Time)
            .UseMeterFactory(Meters)
            .UseLoggerFactory(loggers);
        configure?.Invoke(builder);
        Group = builder.Build();
    }

    internal FailoverMember A { get; } = new("a", new("http://a.test/"));

    internal FailoverMember B { get; } = new("b", new("http://b.test/"));

    internal FakeTimeProvider Time { get; } = new(new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));

    internal FakeProbe Probe { get; } = new();

    internal FakeMeterFactory Meters { get; } = new();

    internal FakeLogCollector Logs { get; }

    internal FailoverGroup Group { get; }

    internal GroupSnapshot Now => Group.Snapshot;

    internal MemberSnapshot this[FailoverMember member] => Now.Members.Single(m => m.Member.Equals(member));

    /// <summary>A group at rest: each member has been probed twice, and is not due within the next 4 seconds.</summary>
    internal static async Task<Watched> SettledAsync(Action<FailoverGroupBuilder>? configure = null)
    {
        Watched watched = new(configure);
        watched.Group.Start();
        await Until.True(() => watched.Now.Condition == GroupCondition.Settled && watched.Now.Members.All(m => m.Verdict == Verdict.Healthy));

        // A first probe may be followed by the second at the pace of a start; after this look each member has its full interval.
        watched.Time.Advance(TimeSpan.FromMilliseconds(200));
        watched.Group.Hint(new(HintKind.LookNow, "test"));
        await Until.True(() => watched.Now.Members.All(m => m.LastGood?.Elapsed > TimeSpan.Zero));
        return watched;
    }

    /// <summary>Moves the clock in small steps, and lets the probes that are asked on the way end, until the condition holds.</summary>
    internal async Task AdvanceUntilAsync(Func<bool> condition)
    {
        using PeriodicTimer turn = new(TimeSpan.FromMilliseconds(1));
        for (int steps = 0; !condition(); steps++)
        {
            Assert.True(steps < 4_000, $"The condition has not come true within 200 seconds of the fake clock. {Now.Condition}: {Now.Reason}\n{string.Join('\n', Logs.GetSnapshot().Select(r => r.ToString()))}");
            Time.Advance(TimeSpan.FromMilliseconds(50));
            await turn.WaitForNextTickAsync();
        }
    }

    internal IEnumerable<FakeLogRecord> Logged(string eventName) => Logs.GetSnapshot().Where(r => r.Id.Name == eventName);

    public async ValueTask DisposeAsync()
    {
        await Group.DisposeAsync();
        Meters.Dispose();
    }
}

/// <summary>A factory of its own for each test: instruments of others are not seen.</summary>
internal sealed class FakeMeterFactory : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        Meter meter = new(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _meters.ForEach(m => m.Dispose());
}
