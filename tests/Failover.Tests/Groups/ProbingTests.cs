using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;

namespace Failover.Tests.Groups;

public sealed class ProbingTests
{
    [Fact]
    public async Task A_probe_that_ignores_its_token_is_left_behind_and_never_doubled_and_its_late_answer_is_ignored()
    {
        await using Watched group = new();
        TaskCompletionSource<ProbeResult> hung = group.Probe.Hang(group.A);
        group.Group.Start();
        await Until.True(() => group.Probe.Asked(group.A) == 1 && group.Now.Members[1].Verdict == Verdict.Healthy);

        await group.AdvanceUntilAsync(() => group[group.A].IsProbeStuck);
        Assert.Equal("no answer within 1 s", group[group.A].Evidence);
        await group.AdvanceUntilAsync(() => group[group.A].Verdict == Verdict.Unhealthy);
        Assert.Single(group.Logged("ProbeLeftBehind"));
        await group.AdvanceUntilAsync(() => group.Probe.Asked(group.B) >= 4);
        Assert.Equal(1, group.Probe.Asked(group.A));

        group.Probe.Answer(group.A, ProbeResult.Success());
        hung.SetResult(ProbeResult.Success());
        await Until.True(() => !group[group.A].IsProbeStuck);
        Assert.Equal(Verdict.Unhealthy, group[group.A].Verdict);
        await group.AdvanceUntilAsync(() => group.Probe.Asked(group.A) >= 2);
    }

    [Fact]
    public async Task A_probe_that_heeds_its_token_ends_in_time()
    {
        await using Watched group = await Watched.SettledAsync();
        CancellationToken given = default;
        group.Probe.Answer(group.A, async token =>
        {
            given = token;
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return ProbeResult.Success();
        });

        // From its notice on the clock stands still: the probe has all the real time it needs.
        await group.AdvanceUntilAsync(() => given.IsCancellationRequested);
        await Until.True(() => group[group.A].Verdict == Verdict.Suspect);

        Assert.Empty(group.Logged("ProbeLeftBehind"));
        Assert.Equal("no answer within 1 s", group[group.A].Evidence);
        Assert.False(group[group.A].IsProbeStuck);
    }

    [Fact]
    public async Task A_probe_that_blocks_its_thread_is_left_behind_too()
    {
        await using Watched group = new();
        using ManualResetEventSlim block = new();
        group.Probe.Answer(group.A, _ =>
        {
            block.Wait(CancellationToken.None);
            return new(ProbeResult.Success());
        });
        group.Group.Start();

        await group.AdvanceUntilAsync(() => group.Now.Members[0].IsProbeStuck);
        await group.AdvanceUntilAsync(() => ReferenceEquals(group.B, group.Now.Active));

        block.Set();
        await Until.True(() => !group.Now.Members[0].IsProbeStuck);
    }

    [Theory]
    [MemberData(nameof(Exceptions))]
    public async Task An_exception_is_told_by_its_type_and_never_by_its_message(Exception exception, string evidence, bool asynchronous)
    {
        await using Watched group = new();
        group.Probe.Answer(group.A, async _ =>
        {
            if (asynchronous)
            {
                await Task.Yield();
            }

            throw exception;
        });

        group.Group.Start();
        await Until.True(() => group[group.A].Evidence is not null);

        Assert.Equal(evidence, group[group.A].Evidence);
        Assert.DoesNotContain(group.Logs.GetSnapshot(), r => r.Message.Contains("hunter2", StringComparison.Ordinal));
    }

    public static TheoryData<Exception, string, bool> Exceptions() => new()
    {
        { new InvalidOperationException("Password=hunter2"), "InvalidOperationException", true },
        { new InvalidOperationException("Password=hunter2"), "InvalidOperationException", false },
        { new HttpRequestException("hunter2", new SocketException((int)SocketError.ConnectionRefused)), "HttpRequestException (ConnectionRefused)", true },
        { new TimeoutException("hunter2"), "no answer within 1 s", false },
    };

    [Fact]
    public async Task A_probe_that_gives_nothing_has_failed()
    {
        await using Watched group = new();
        group.Probe.Answer(group.A, _ => new((ProbeResult)null!));

        group.Group.Start();
        await Until.True(() => group[group.A].Verdict == Verdict.Unhealthy);

        Assert.Equal("the probe gave no result", group[group.A].Evidence);
    }

    [Fact]
    public async Task Calls_that_hang_make_their_member_suspect_though_none_of_them_ends()
    {
        await using Watched group = await Watched.SettledAsync();
        group.Time.Advance(TimeSpan.FromMilliseconds(500));
        MemberMeter meter = group[group.A].Meter;
        TaskCompletionSource<ProbeResult> hung = group.Probe.Hang(group.A);
        for (int i = 0; i < 3; i++)
        {
            meter.Start();
        }

        group.Time.Advance(TimeSpan.FromMilliseconds(1_900));
        Assert.Equal(Verdict.Healthy, group[group.A].Verdict);
        await group.AdvanceUntilAsync(() => group[group.A].Verdict != Verdict.Healthy);
        Assert.Equal(Verdict.Suspect, group[group.A].Verdict);

        await group.AdvanceUntilAsync(() => group.Now.Active == group.B);
        hung.SetResult(ProbeResult.Success());
    }

    [Fact]
    public async Task A_busy_healthy_member_does_not_call_for_attention()
    {
        await using Watched group = await Watched.SettledAsync();
        MemberMeter meter = group[group.A].Meter;
        Assert.True(meter.Attention);

        long waiting = meter.Start();
        Assert.False(meter.Attention);
        GroupSnapshot before = group.Now;
        for (int i = 0; i < 1_000; i++)
        {
            meter.Succeeded(meter.Start());
        }

        Assert.Same(before, group.Now);

        meter.Succeeded(waiting);
        group.Time.Advance(TimeSpan.FromMilliseconds(501));
        Assert.True(meter.Attention);
    }

    [Fact]
    public async Task A_timer_that_rings_too_early_is_set_again()
    {
        HastyTime time = new();
        FakeProbe probe = new();
        FailoverMember a = new("a", new("http://a.test/"));
        await using FailoverGroup group = new FailoverGroupBuilder("orders").AddMember(a).UseProbe(probe).UseTimeProvider(time).Build();
        group.Start();
        await Until.True(() => group.Snapshot.Active is not null);

        for (int asked = 1; asked <= 5; asked++)
        {
            for (int steps = 0; probe.Asked(a) <= asked && steps < 6_000; steps++)
            {
                time.Advance(TimeSpan.FromMilliseconds(1));
            }

            await Until.True(() => probe.Asked(a) == asked + 1);
        }
    }

    /// <summary>A clock whose timers ring 10 milliseconds before their time, where they have as much.</summary>
    private sealed class HastyTime : FakeTimeProvider
    {
        private static readonly TimeSpan Haste = TimeSpan.FromMilliseconds(10);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new HastyTimer(base.CreateTimer(callback, state, Sooner(dueTime), period));

        private static TimeSpan Sooner(TimeSpan dueTime) => dueTime > Haste ? dueTime - Haste : dueTime;

        private sealed class HastyTimer(ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Sooner(dueTime), period);

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_member_whose_calls_succeed_is_probed_each_fourth_time_only()
    {
        await using Watched group = await Watched.SettledAsync();
        MemberMeter meter = group[group.A].Meter;

        for (int i = 0; i < 36; i++)
        {
            meter.Succeeded(meter.Start());
            group.Time.Advance(TimeSpan.FromMilliseconds(500));
        }

        await Until.True(() => group.Probe.Asked(group.B) >= 3);
        Assert.Equal(2, group.Probe.Asked(group.A));

        await group.AdvanceUntilAsync(() =>
        {
            meter.Succeeded(meter.Start());
            return group.Probe.Asked(group.A) == 3;
        });
    }
}
