namespace Failover.Tests.Groups;

public sealed class ConcurrencyTests
{
    private const int Rounds = 2_000;

    [Fact]
    public async Task Many_threads_at_once_leave_every_promise_whole()
    {
        FakeSwitcher switcher = new();
        FakeArbiter arbiter = new();
        foreach (bool acts in new[] { false, true })
        {
            await using Watched group = await Watched.SettledAsync(g =>
            {
                if (acts)
                {
                    switcher.PointsTo = new("a", new("http://a.test/"));
                    g.UseSwitcher(switcher).UseArbiter(arbiter);
                }
            });
            FailoverMember c = new("c", new("http://c.test/"));
            Task<List<Switchover>> told = ReadAsync(group.Group);
            List<Task<Switchover>> asked = [];
            using CancellationTokenSource done = new();
            Task clock = Task.Run(() =>
            {
                while (!done.IsCancellationRequested)
                {
                    try
                    {
                        group.Time.Advance(TimeSpan.FromMilliseconds(20));
                    }
                    catch (NullReferenceException exception) when (exception.TargetSite?.DeclaringType == typeof(Microsoft.Extensions.Time.Testing.FakeTimeProvider))
                    {
                        // The fake clock's own: its list of timers is not safe against one that is disposed of while it looks which is due.
                    }
                }
            });

            await Until.Ends(Task.WhenAll(
                Run(_ => Call(group, group.A, fails: true)),
                Run(i => Call(group, group.B, fails: i % 7 == 0)),
                Run(i => (i % 2 == 0 ? (Action<FailoverMember>)group.Group.Drain : group.Group.Undrain)(i % 3 == 0 ? group.A : group.B)),
                Run(i => (i % 2 == 0 ? (Action<FailoverMember>)group.Group.AddMember : group.Group.RemoveMember)(c)),
                Run(i => asked.Add(group.Group.SwitchToAsync(i % 2 == 0 ? "a" : "b", CancellationToken.None))),
                Run(i => group.Group.Hint(new(HintKind.LookNow, $"{i}"))),
                Task.Run(() => Follow(group.Group, done.Token)),
                StopAfterAsync(group, done)));
            await Until.Ends(clock);
            await Until.Ends(group.Group.DisposeAsync().AsTask());

            foreach (Task<Switchover> one in asked)
            {
                await Until.Ends(Task.WhenAny(one));
                Assert.True(one.IsCompletedSuccessfully || one.Exception!.InnerException is InvalidOperationException, one.Exception?.ToString());
            }

            Check(await Until.Ends(told));
            Assert.Empty(group.Logged("EngineFault"));
            Assert.Empty(group.Logged("EffectFault"));
        }
    }

    private static async Task StopAfterAsync(Watched group, CancellationTokenSource done)
    {
        for (int i = 0; i < Rounds; i++)
        {
            _ = group.Now.Route[0].Member;
            await Task.Yield();
        }

        await done.CancelAsync();
    }

    private static Task Run(Action<int> act) => Task.Run(() =>
    {
        for (int i = 0; i < Rounds; i++)
        {
            act(i);
        }
    });

    private static void Call(Watched group, FailoverMember member, bool fails)
    {
        MemberMeter meter = group[member].Meter;
        long call = meter.Start();
        (fails ? (Action<long>)meter.Failed : meter.Succeeded)(call);
    }

    private static void Follow(FailoverGroup group, CancellationToken done)
    {
        long version = 0;
        while (!done.IsCancellationRequested)
        {
            GroupSnapshot now = group.Snapshot;
            Assert.True(now.Version >= version);
            Assert.Equal(now.Members.Length, now.Route.Length);
            version = now.Version;
        }
    }

    private static async Task<List<Switchover>> ReadAsync(FailoverGroup group)
    {
        List<Switchover> told = [];
        await foreach (Switchover switchover in group.ReadSwitchoversAsync(CancellationToken.None))
        {
            told.Add(switchover);
        }

        return told;
    }

    private static void Check(List<Switchover> told)
    {
        foreach (IGrouping<Guid, Switchover> one in told.GroupBy(s => s.Id))
        {
            int[] revisions = [.. one.Select(s => s.Revision)];
            Assert.Equal(revisions.Order(), revisions);
            Assert.Equal(revisions.Distinct(), revisions);
            Assert.True(one.SkipLast(1).All(s => !s.IsFinal));
        }
    }
}
