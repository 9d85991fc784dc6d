using System.Net;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Failover.Http.Tests.Draining;

/// <summary>What the handler makes of an answer in which a member says something of its own leaving.</summary>
public sealed class MarkedAnswerTests : IAsyncDisposable
{
    private readonly FakeLogCollector _logs = new();
    private readonly FakeProbe _probe = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FailoverGroup _group;

    public MarkedAnswerTests() => _group = new FailoverGroupBuilder("orders")
        .AddMember(new Uri("https://a"))
        .AddMember(new Uri("https://b"))
        .UseProbe(_probe)
        .UseTimeProvider(_time)
        .Build();

    public ValueTask DisposeAsync() => _group.DisposeAsync();

    // method, what a answers; who was asked; what comes back; what each member's meter was told: succeeded/failed/disputed.
    public static TheoryData<string, int, string, int, string, string> Table => new()
    {
        { "GET", 200, "a", 200, "1/0/0", "0/0/0" },
        { "POST", 200, "a", 200, "1/0/0", "0/0/0" },
        { "GET", 404, "a", 404, "1/0/0", "0/0/0" },
        { "GET", 500, "a", 500, "1/0/0", "0/0/0" },
        { "GET", 503, "a b", 200, "0/0/0", "1/0/0" },
        { "GET", 502, "a b", 200, "0/0/0", "1/0/0" },
        { "PUT", 503, "a b", 200, "0/0/0", "1/0/0" },
        { "POST", 503, "a", 503, "0/0/0", "0/0/0" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task A_marked_answer_moves_the_group_and_is_no_failure_of_its_member(string method, int status, string asked, int result, string toldOfA, string toldOfB)
    {
        await SettleAsync();
        StubBackends backends = new StubBackends().Does("a", request => Marked(request, status, "20"));
        using HttpMessageInvoker client = Client(backends);
        using var request = new HttpRequestMessage(new HttpMethod(method), "https://a/");

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.Equal((asked, result), (Authorities(backends), (int)response.StatusCode));
        Assert.Equal((toldOfA, toldOfB), (Told(0), Told(1)));
        AssertLeft();
    }

    [Theory]
    [MemberData(nameof(Table))]
    public async Task A_synchronous_call_hears_it_too(string method, int status, string asked, int result, string toldOfA, string toldOfB)
    {
        await SettleAsync();
        StubBackends backends = new StubBackends { IsSynchronous = true }.Does("a", request => Marked(request, status, "20"));
        using HttpMessageInvoker client = Client(backends);
        using var request = new HttpRequestMessage(new HttpMethod(method), "https://a/");

        using HttpResponseMessage response = client.Send(request, default);

        Assert.Equal((asked, result), (Authorities(backends), (int)response.StatusCode));
        Assert.Equal((toldOfA, toldOfB), (Told(0), Told(1)));
        AssertLeft();
    }

    [Fact]
    public async Task An_answer_that_is_there_before_it_is_awaited_is_heard_as_well()
    {
        await SettleAsync();
        using HttpMessageInvoker client = Client(new StubBackends { IsSynchronous = true }.Does("a", request => Marked(request, 200, "20")));
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/");

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        AssertLeft();
    }

    [Fact]
    public async Task The_second_member_that_a_request_is_sent_to_is_heard_as_well()
    {
        await SettleAsync();
        StubBackends backends = new StubBackends().Does("a", "503").Does("b", request => Marked(request, 200, "20"));
        using HttpMessageInvoker client = Client(backends);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/");

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.Equal([false, true], _group.Snapshot.Members.Select(member => member.IsDrained));
    }

    [Fact]
    public async Task A_marker_of_a_billion_seconds_lasts_a_minute()
    {
        await SettleAsync();
        using HttpMessageInvoker client = Client(new StubBackends().Does("a", request => Marked(request, 200, "1000000000")));
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/");
        using HttpResponseMessage response = await client.SendAsync(request, default);
        AssertLeft();

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.True(_group.Snapshot.Members[0].IsDrained);
        _time.Advance(TimeSpan.FromSeconds(1));

        await Given.UntilAsync(() => !_group.Snapshot.Members[0].IsDrained, () => "still drained");
        Assert.Equal("b", _group.Snapshot.Active?.Address.Authority);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("soon")]
    [InlineData("")]
    public async Task A_marker_that_cannot_be_read_is_ignored_and_told_once(string value)
    {
        await SettleAsync();
        int asked = 0;
        StubBackends backends = new StubBackends().Does("a", request => Marked(request, asked++ == 3 ? 503 : 200, value));
        for (int i = 0; i < 4; i++)
        {
            // Handlers come and go.
            using HttpMessageInvoker client = Client(backends);
            using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/");
            (await client.SendAsync(request, default)).Dispose();
        }

        Assert.Equal(("3/1/0", "a"), (Told(0), _group.Snapshot.Active?.Address.Authority));
        Assert.False(_group.Snapshot.Members[0].IsDrained);
        FakeLogRecord told = Assert.Single(_logs.GetSnapshot(), record => record.Id.Name == "DrainMarkerIgnored");
        Assert.Equal((2030, "a of orders sends a Failover-Drain header that is not one whole number of seconds from 1 on: it is ignored. Told once."), (told.Id.Id, told.Message));
    }

    [Fact]
    public async Task A_marker_that_a_request_and_a_probe_cannot_read_is_told_once()
    {
        using var loggers = new Loggers(_logs);
        var plan = new Failover.Http.Probing.ProbePlan(new HttpProbeOptions());
        using var probe = new Failover.Http.Probing.HttpProbe(
            "orders", () => plan, new StubBackends().Does("a", request => Marked(request, 200, "soon")), loggers.CreateLogger("probe"), _time);
        await using FailoverGroup group = new FailoverGroupBuilder("orders").AddMember(new Uri("https://a")).UseProbe(probe).UseTimeProvider(_time).Build();
        using var client = new HttpMessageInvoker(new FailoverHandler(group, loggers) { InnerHandler = new StubBackends().Does("a", request => Marked(request, 200, "soon")) });
        await Given.ActiveAsync(group, "a");

        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/");
        (await client.SendAsync(request, default)).Dispose();

        Assert.Equal(2030, Assert.Single(_logs.GetSnapshot()).Id.Id);
    }

    [Theory]
    [InlineData(200, "Failover-Drain")]
    [InlineData(503, "Failover-Drain")]
    [InlineData(503, "Retry-After")]
    public async Task What_comes_from_where_a_member_redirects_to_is_not_the_members_own_word(int status, string header)
    {
        await SettleAsync();
        using HttpMessageInvoker client = Client(new StubBackends().Does("a", request =>
        {
            // As SocketsHttpHandler leaves the message when it has followed a redirect.
            request.RequestUri = new Uri("https://elsewhere.example/");
            HttpResponseMessage response = StubBackends.Answer(request, (HttpStatusCode)status);
            response.Headers.TryAddWithoutValidation(header, "20");
            return response;
        }));
        int probes = _probe.Asked.Count;
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/");

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(("a", "1/0/0"), (_group.Snapshot.Active?.Address.Authority, Told(0)));
        Assert.All(_group.Snapshot.Members, member => Assert.False(member.IsDrained));
        Assert.Equal((0, 0), (_group.Snapshot.Members[0].Meter.Read(default).PutOff, _probe.Asked.Count - probes));
    }

    [Theory]
    [InlineData(503, true)]
    [InlineData(502, false)]
    [InlineData(429, false)]
    [InlineData(200, false)]
    public async Task Retry_After_on_a_503_and_only_there_makes_the_group_look(int status, bool looks)
    {
        await SettleAsync();
        using HttpMessageInvoker client = Client(new StubBackends().Does("a", request =>
        {
            HttpResponseMessage response = StubBackends.Answer(request, (HttpStatusCode)status);
            response.Headers.TryAddWithoutValidation("Retry-After", "20");
            return response;
        }));
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://a/");

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.Equal(looks ? 1 : 0, _group.Snapshot.Members[0].Meter.Read(default).PutOff);
        Assert.False(_group.Snapshot.Members[0].IsDrained);
    }

    [Fact]
    public async Task A_marker_beside_Retry_After_is_what_counts()
    {
        await SettleAsync();
        using HttpMessageInvoker client = Client(new StubBackends().Does("a", request =>
        {
            HttpResponseMessage response = Marked(request, 503, "20");
            response.Headers.TryAddWithoutValidation("Retry-After", "5");
            return response;
        }));
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://a/");

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.Equal((0, TimeSpan.FromSeconds(20)), (_group.Snapshot.Members[0].Meter.Read(default).PutOff, _group.Snapshot.Members[0].Meter.Read(default).DrainFor));
        AssertLeft();
    }

    private static HttpResponseMessage Marked(HttpRequestMessage request, int status, string value)
    {
        HttpResponseMessage response = StubBackends.Answer(request, (HttpStatusCode)status);
        response.Headers.TryAddWithoutValidation("Failover-Drain", value);
        return response;
    }

    private static string Authorities(StubBackends backends) => string.Join(' ', backends.Asked.Select(asked => new Uri(asked.Split(' ')[1]).Authority));

    private Task SettleAsync()
    {
        _group.Start();
        return Given.UntilAsync(
            () => _group.Snapshot is { Condition: GroupCondition.Settled } snapshot && snapshot.Members.All(member => member.Verdict == Verdict.Healthy),
            () => $"{_group.Snapshot.Condition}");
    }

    /// <summary>When the answer is there, the group has left a, for no failure of it.</summary>
    private void AssertLeft()
    {
        GroupSnapshot snapshot = _group.Snapshot;
        Assert.Equal(("b", SwitchoverCause.Drain), (snapshot.Active?.Address.Authority, snapshot.LastSwitchover?.Cause));
        Assert.Equal((true, Verdict.Healthy, null), (snapshot.Members[0].IsDrained, snapshot.Members[0].Verdict, snapshot.Members[0].FirstFailure));
    }

    private string Told(int member)
    {
        (long succeeded, long failed, long disputed, int waiting) = Given.Told(_group, member);
        Assert.Equal(0, waiting);
        return $"{succeeded}/{failed}/{disputed}";
    }

    private HttpMessageInvoker Client(StubBackends backends) => new(new FailoverHandler(_group, new Loggers(_logs)) { InnerHandler = backends });
}
