using System.Diagnostics;
using System.Net;
using Failover.Http.Tests.Processes;
using static Failover.Http.Tests.Draining.LeavingServer;

namespace Failover.Http.Tests.Draining;

/// <summary>Real servers that say that they are leaving, over HTTP/1.1 and HTTP/2, under load.</summary>
public sealed class LeavingServersTests
{
    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_marker_on_answers_that_are_served_moves_the_traffic_and_nothing_fails_or_runs_twice(string version)
    {
        await using Scene scene = await Scene.StartAsync(version);
        await using var load = new Load(scene.Client);
        await load.MoreAsync(50);

        scene.A.ToRequests = Word.Leaves(200, "60");
        await Given.ActiveAsync(scene.Group, scene.B.Address.Authority);
        await load.MoreAsync(100);
        await load.StopAsync();

        Assert.Empty(load.FailedGets);
        Assert.Empty(load.Refused);
        Assert.Empty(load.Unknown);
        scene.AssertEachRanOnce(load);
        scene.AssertLeftWithoutFailure();

        // What was under way when the first of them came back, and no more.
        Assert.InRange(scene.A.SaidTo, 1, 60);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_marker_on_a_503_sends_the_GETs_on_and_a_POST_gets_its_503(string version)
    {
        await using Scene scene = await Scene.StartAsync(version);
        await using var load = new Load(scene.Client);
        await load.MoreAsync(50);

        scene.A.ToRequests = scene.A.ToProbes = Word.Leaves(503, "60");
        await Given.ActiveAsync(scene.Group, scene.B.Address.Authority);
        await load.MoreAsync(100);
        await load.StopAsync();

        Assert.Empty(load.FailedGets);
        Assert.Empty(load.Unknown);
        scene.AssertEachRanOnce(load);
        scene.AssertLeftWithoutFailure();
        Assert.InRange(scene.A.SaidTo, 1, 60);
        Assert.InRange(load.Refused.Count, 0, scene.A.SaidTo);
    }

    [Fact]
    public async Task A_marker_to_a_probe_moves_the_traffic_as_well()
    {
        await using Scene scene = await Scene.StartAsync("1.1");
        await using var load = new Load(scene.Client);
        await load.MoreAsync(10);

        scene.A.ToProbes = Word.Leaves(200, "60");
        await Given.ActiveAsync(scene.Group, scene.B.Address.Authority);
        await load.MoreAsync(20);
        await load.StopAsync();

        Assert.Empty(load.FailedGets);
        scene.AssertEachRanOnce(load);
        scene.AssertLeftWithoutFailure();
    }

    [Fact]
    public async Task A_server_that_says_it_no_more_to_its_probes_gets_its_traffic_back_after_the_hold_down()
    {
        await using Scene scene = await Scene.StartAsync("1.1");
        await using var load = new Load(scene.Client);
        scene.A.ToRequests = scene.A.ToProbes = Word.Leaves(200, "60");
        await Given.ActiveAsync(scene.Group, scene.B.Address.Authority);
        int probes = scene.A.Probes;
        await Given.UntilAsync(() => scene.A.Probes > probes, () => "not probed");

        scene.A.ToRequests = scene.A.ToProbes = Word.Nothing;
        await Given.ActiveAsync(scene.Group, scene.A.Address.Authority);
        await load.StopAsync();

        Assert.Equal(SwitchoverCause.Switchback, scene.Group.Snapshot.LastSwitchover?.Cause);
        Assert.Empty(load.FailedGets);
        scene.AssertEachRanOnce(load);
    }

    [Fact]
    public async Task A_marker_that_requests_hear_and_probes_do_not_lasts_as_long_as_it_says()
    {
        await using Scene scene = await Scene.StartAsync("1.1");
        scene.A.ToRequests = Word.Leaves(200, "60");
        using (HttpResponseMessage response = await scene.Client.GetAsync("work"))
        {
            Assert.Equal(scene.B.Address.Authority, scene.Group.Snapshot.Active?.Address.Authority);
        }

        int probes = scene.A.Probes;
        await Given.UntilAsync(() => scene.A.Probes >= probes + 3, () => "not probed");

        Assert.True(scene.Group.Snapshot.Members[0].IsDrained);
    }

    [Fact]
    public async Task Servers_that_all_leave_go_on_serving()
    {
        await using Scene scene = await Scene.StartAsync("1.1");
        await using var load = new Load(scene.Client);
        await load.MoreAsync(20);

        scene.A.ToRequests = scene.A.ToProbes = scene.B.ToRequests = scene.B.ToProbes = Word.Leaves(200, "60");
        await Given.UntilAsync(() => scene.Group.Snapshot.Members.All(member => member.IsDrained), () => "not both drained");
        await load.MoreAsync(100);
        await load.StopAsync();

        Assert.Empty(load.FailedGets);
        Assert.Empty(load.Refused);
        scene.AssertEachRanOnce(load);
        Assert.Equal(GroupCondition.Settled, scene.Group.Snapshot.Condition);
        Assert.All(scene.Group.Snapshot.Members, member => Assert.Equal(0, member.Meter.Read(default).Failed));
    }

    [Fact]
    public async Task A_marker_that_cannot_be_read_moves_nothing()
    {
        await using Scene scene = await Scene.StartAsync("1.1");
        scene.A.ToRequests = scene.A.ToProbes = Word.Leaves(200, "20 s");
        int probes = scene.A.Probes;

        for (int i = 0; i < 20; i++)
        {
            (await scene.Client.GetAsync("work")).Dispose();
        }

        await Given.UntilAsync(() => scene.A.Probes >= probes + 2, () => "not probed");
        Assert.Equal((20, scene.A.Address.Authority), (scene.A.SaidTo, scene.Group.Snapshot.Active?.Address.Authority));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_503_with_Retry_After_moves_the_traffic_at_once_where_the_probe_gets_the_same(bool asDate)
    {
        // Neither failed probes nor failed calls move it.
        await using Scene scene = await Scene.StartAsync("1.1", options => options.Detection.Fall = options.Detection.FailuresInARow = 100);
        scene.A.ToRequests = scene.A.ToProbes = Word.PutsOff(asDate ? "Fri, 01 Jan 2100 00:00:00 GMT" : "30");

        using HttpResponseMessage response = await scene.Client.PostAsync("orders", new StringContent("1"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        await Given.ActiveAsync(scene.Group, scene.B.Address.Authority);
        Assert.Equal((SwitchoverCause.Drain, "status 503"), (scene.Group.Snapshot.LastSwitchover?.Cause, scene.Group.Snapshot.LastSwitchover?.Evidence));
        Assert.True(scene.Group.Snapshot.Members[0].IsDrained);
        using HttpResponseMessage next = await scene.Client.PostAsync("orders", new StringContent("2"));
        Assert.Equal(["2"], scene.B.Executed);
    }

    [Fact]
    public async Task A_503_with_Retry_After_is_an_ordinary_failure_where_the_probe_says_that_the_member_is_well()
    {
        await using Scene scene = await Scene.StartAsync("1.1", options => options.Detection.ProbeInterval = TimeSpan.FromMinutes(10));
        scene.A.ToRequests = Word.PutsOff("30");
        int probes = scene.A.Probes;

        using HttpResponseMessage first = await scene.Client.PostAsync("orders", new StringContent("1"));
        await Given.UntilAsync(() => scene.A.Probes > probes && scene.Group.Snapshot.Members[0].Verdict == Verdict.Healthy, () => "not probed, or not well");
        Assert.Equal((scene.A.Address.Authority, false), (scene.Group.Snapshot.Active?.Address.Authority, scene.Group.Snapshot.Members[0].IsDrained));

        using HttpResponseMessage second = await scene.Client.PostAsync("orders", new StringContent("2"));
        using HttpResponseMessage third = await scene.Client.PostAsync("orders", new StringContent("3"));
        await Given.ActiveAsync(scene.Group, scene.B.Address.Authority);
        Assert.Equal((SwitchoverCause.Failover, "3 calls failed in a row"), (scene.Group.Snapshot.LastSwitchover?.Cause, scene.Group.Snapshot.LastSwitchover?.Evidence));
    }

    [Fact]
    public async Task Many_requests_that_are_put_off_bring_one_probe_a_second()
    {
        await using Scene scene = await Scene.StartAsync("1.1", options =>
        {
            options.Detection.FailuresInARow = 1_000;
            options.Detection.FailureRateMinimum = 1_000_000;
            options.Detection.ProbeInterval = TimeSpan.FromMinutes(10);
            options.Detection.TransitionInterval = options.Detection.DownInterval = TimeSpan.FromSeconds(1);
        });
        int probes = scene.A.Probes;
        long start = Stopwatch.GetTimestamp();
        while ((scene.A.Probes < probes + 3 || scene.A.SaidTo < 150) && Stopwatch.GetElapsedTime(start) < Given.Limit)
        {
            scene.A.ToRequests = Word.PutsOff("30");
            await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ => (await scene.Client.PostAsync("orders", new StringContent("1"))).Dispose()));

            // So that they are not too many in a row.
            scene.A.ToRequests = Word.Nothing;
            (await scene.Client.GetAsync("work")).Dispose();
        }

        Assert.InRange(scene.A.Probes - probes, 3, 2 + (int)Stopwatch.GetElapsedTime(start).TotalSeconds);
        Assert.InRange(scene.A.SaidTo, 150, int.MaxValue);
        Assert.Equal((scene.A.Address.Authority, false), (scene.Group.Snapshot.Active?.Address.Authority, scene.Group.Snapshot.Members[0].IsDrained));
    }

    /// <summary>Two servers, their group and its client.</summary>
    private sealed class Scene : IAsyncDisposable
    {
        internal required LeavingServer A { get; init; }

        internal required LeavingServer B { get; init; }

        internal required FailoverGroup Group { get; init; }

        internal required HttpClient Client { get; init; }

        internal static Task<Scene> StartAsync(string version) => StartAsync(version, _ => { });

        internal static async Task<Scene> StartAsync(string version, Action<GroupOptions> configure)
        {
            LeavingServer a = await LeavingServer.StartAsync(version);
            LeavingServer b = await LeavingServer.StartAsync(version);
            FailoverGroup group = new FailoverGroupBuilder("orders").AddMember("a", a.Address).AddMember("b", b.Address)
                .UseHttpProbe(new HttpProbeOptions { HttpVersion = version })
                .Configure(Given.Quick)
                .Configure(configure)
                .Build();
            group.Start();
            await Given.ActiveAsync(group, a.Address.Authority);
            await Given.UntilAsync(() => group.Snapshot.Members.All(member => member.Verdict == Verdict.Healthy), () => "not both healthy");
            return new()
            {
                A = a,
                B = b,
                Group = group,
                Client = new HttpClient(new FailoverHandler(group) { InnerHandler = new SocketsHttpHandler() })
                {
                    BaseAddress = a.Address,
                    DefaultRequestVersion = Version.Parse(version),
                    DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
                    Timeout = Given.Limit,
                },
            };
        }

        /// <summary>Each POST that was answered with 200 was executed once, and no other was.</summary>
        internal void AssertEachRanOnce(Load load) => Assert.Equal(load.Done.Order(StringComparer.Ordinal), A.Executed.Concat(B.Executed).Order(StringComparer.Ordinal));

        internal void AssertLeftWithoutFailure()
        {
            MemberSnapshot a = Group.Snapshot.Members[0];
            MeterReading told = a.Meter.Read(default);
            Assert.Equal(SwitchoverCause.Drain, Group.Snapshot.LastSwitchover?.Cause);
            Assert.Equal((true, 0, 0), (a.IsDrained, told.Failed, told.Disputed));
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await Group.DisposeAsync();
            await A.DisposeAsync();
            await B.DisposeAsync();
        }
    }
}
