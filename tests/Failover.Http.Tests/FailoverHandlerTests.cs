using System.Net;
using Failover.Http.Replay;
using Failover.Http.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.Http.Tests;

public sealed class FailoverHandlerTests : IAsyncDisposable
{
    private readonly FakeLogCollector _logs = new();
    private readonly FakeProbe _probe = new();
    private readonly FailoverGroup _group;

    public FailoverHandlerTests() => _group = Given.Group(_probe, "https://a", "https://b");

    public ValueTask DisposeAsync() => _group.DisposeAsync();

    // What a and b do; who was asked; what comes back; what each member's meter was told: succeeded/failed/disputed.
    public static TheoryData<string, string, string, string, string, string, string> Table => new()
    {
        { "GET", "200", "200", "a", "200", "1/0/0", "0/0/0" },
        { "GET", "404", "200", "a", "404", "1/0/0", "0/0/0" },
        { "GET", "429", "200", "a", "429", "1/0/0", "0/0/0" },
        { "GET", "500", "200", "a", "500", "1/0/0", "0/0/0" },
        { "GET", "502", "200", "a b", "200", "0/1/0", "1/0/0" },
        { "GET", "503", "200", "a b", "200", "0/1/0", "1/0/0" },
        { "GET", "504", "500", "a b", "500", "0/1/0", "1/0/0" },
        { "GET", "503", "503", "a b", "503", "0/0/1", "0/0/1" },
        { "GET", "503", "refused", "a b", "ConnectionError", "0/1/0", "0/1/0" },
        { "GET", "refused", "200", "a b", "200", "0/1/0", "1/0/0" },
        { "GET", "refused", "503", "a b", "503", "0/1/0", "0/1/0" },
        { "GET", "refused", "refused", "a b", "ConnectionError", "0/1/0", "0/1/0" },
        { "GET", "reset", "200", "a b", "200", "0/1/0", "1/0/0" },
        { "GET", "reset", "reset", "a b", "Unknown", "0/0/1", "0/0/1" },
        { "GET", "broken", "200", "a", "InvalidOperationException", "0/0/1", "0/0/0" },
        { "HEAD", "503", "200", "a b", "200", "0/1/0", "1/0/0" },
        { "OPTIONS", "503", "200", "a b", "200", "0/1/0", "1/0/0" },
        { "POST", "200", "200", "a", "200", "1/0/0", "0/0/0" },
        { "POST", "503", "200", "a", "503", "0/1/0", "0/0/0" },
        { "POST", "reset", "200", "a", "Unknown", "0/0/1", "0/0/0" },
        { "POST", "refused", "200", "a b", "200", "0/1/0", "1/0/0" },
        { "POST", "refused", "503", "a b", "503", "0/1/0", "0/1/0" },
        { "POST", "refused", "reset", "a b", "Unknown", "0/1/0", "0/0/1" },
        { "DELETE", "refused", "200", "a b", "200", "0/1/0", "1/0/0" },
        { "DELETE", "503", "200", "a b", "200", "0/1/0", "1/0/0" },
        { "DELETE", "reset", "200", "a b", "200", "0/1/0", "1/0/0" },
        { "PUT", "503", "200", "a b", "200", "0/1/0", "1/0/0" },
        { "PUT", "reset", "200", "a b", "200", "0/1/0", "1/0/0" },
        { "PATCH", "reset", "200", "a", "Unknown", "0/0/1", "0/0/0" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Every_method_and_fault_ends_as_the_table_says(string method, string a, string b, string asked, string result, string toldOfA, string toldOfB)
    {
        foreach (bool isSynchronous in new[] { true, false })
        {
            await using FailoverGroup group = Given.Group(_probe, "https://a", "https://b");
            StubBackends backends = new StubBackends { IsSynchronous = isSynchronous }.Does("a", a).Does("b", b);
            using HttpMessageInvoker client = Client(backends, group);
            using var request = new HttpRequestMessage(new HttpMethod(method), "https://a/x?q=1");

            string came = await ResultAsync(() => client.SendAsync(request, default));

            Assert.Equal((asked, result), (string.Join(' ', backends.Asked.Select(Authority)), came));
            Assert.Equal((toldOfA, toldOfB), (Told(group, 0), Told(group, 1)));
            Assert.Null(request.Content);
        }
    }

    [Theory]
    [MemberData(nameof(Table))]
    public async Task A_synchronous_call_ends_the_same_way(string method, string a, string b, string asked, string result, string toldOfA, string toldOfB)
    {
        StubBackends backends = new StubBackends().Does("a", a).Does("b", b);
        using HttpMessageInvoker client = Client(backends);
        using var request = new HttpRequestMessage(new HttpMethod(method), "https://a/x?q=1");

        string came = await ResultAsync(() => Task.FromResult(client.Send(request, default)));

        Assert.Equal((asked, result), (string.Join(' ', backends.Asked.Select(Authority)), came));
        Assert.Equal((toldOfA, toldOfB), (Told(_group, 0), Told(_group, 1)));
    }

    [Fact]
    public async Task The_callers_cancellation_counts_against_nobody()
    {
        using var caller = new CancellationTokenSource();
        using HttpMessageInvoker client = Client(new StubBackends().Does("a", "cancelled", caller));
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.SendAsync(request, caller.Token));

        Assert.Equal((0, 0, 0, 0), Given.Told(_group, 0));
        Assert.Equal((0, 0, 0, 0), Given.Told(_group, 1));
    }

    [Theory]
    [InlineData("503", "0/0/1")]
    [InlineData("reset", "0/0/1")]
    [InlineData("refused", "0/1/0")]
    public async Task A_cancellation_on_the_second_member_leaves_the_first_ones_fault_in_dispute_unless_it_is_certain(string fault, string toldOfA)
    {
        using var caller = new CancellationTokenSource();
        using HttpMessageInvoker client = Client(new StubBackends().Does("a", fault).Does("b", "cancelled", caller));
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.SendAsync(request, caller.Token));

        Assert.Equal((toldOfA, "0/0/0"), (Told(_group, 0), Told(_group, 1)));
    }

    [Fact]
    public async Task Each_member_is_tried_once_in_the_order_of_the_group()
    {
        await using FailoverGroup group = Given.Group(_probe, "https://a", "https://b", "https://c");
        StubBackends backends = new StubBackends().Does("a", "refused").Does("b", "503").Does("c", "reset");
        using HttpMessageInvoker client = Client(backends, group);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/");

        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, default));

        Assert.Equal(["GET https://a/", "GET https://b/", "GET https://c/"], backends.Asked);
        Assert.Equal("https://a/", request.RequestUri?.AbsoluteUri);
    }

    [Fact]
    public async Task The_answer_shows_who_gave_it()
    {
        using HttpMessageInvoker client = Client(new StubBackends().Does("a", "503"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/x?q=1");

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.Equal("https://b/x?q=1", response.RequestMessage?.RequestUri?.AbsoluteUri);
    }

    [Fact]
    public async Task Requests_go_to_the_member_that_is_active()
    {
        StubBackends backends = new();
        using HttpMessageInvoker client = Client(backends);
        await Given.UntilAsync(() => _group.Snapshot.Members.All(member => member.Verdict == Verdict.Healthy), () => "not healthy");
        await _group.SwitchToAsync("b", default);
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://a/x") { Content = new StringContent("x") };

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.Equal(["POST https://b/x"], backends.Asked);
    }

    [Theory]
    [InlineData("https://c/x", "RequestNotOurs")]
    [InlineData("http://a/x", "RequestBypasses")]
    [InlineData("https://a:8443/x", "RequestBypasses")]
    public async Task A_request_that_is_not_of_the_group_passes_as_it_is(string uri, string told)
    {
        StubBackends backends = new StubBackends().Does(new Uri(uri).Authority, "503");
        using HttpMessageInvoker client = Client(backends);
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        Uri? before = request.RequestUri;

        string came = await ResultAsync(() => client.SendAsync(request, default));
        await ResultAsync(() => client.SendAsync(request, default));

        Assert.Equal("503", came);
        Assert.Same(before, request.RequestUri);
        Assert.Equal(("0/0/0", "0/0/0"), (Told(_group, 0), Told(_group, 1)));
        Assert.Equal(told, Assert.Single(_logs.GetSnapshot()).Id.Name);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5000", "http://localhost:5000/x", true)]
    [InlineData("http://127.0.0.1", "http://localhost/x", true)]
    [InlineData("https://a:8443", "https://elsewhere:8443/x", true)]
    [InlineData("https://a", "https://a:8443/x", true)]
    [InlineData("https://a", "http://A/x", true)]
    [InlineData("https://a", "https://elsewhere/x", false)]
    [InlineData("https://a:8443", "https://elsewhere/x", false)]
    [InlineData("http://127.0.0.1:5000", "http://localhost:5001/x", false)]
    public async Task A_request_that_misses_the_group_by_a_hair_is_told_with_the_cure(string member, string uri, bool isNear)
    {
        await using FailoverGroup group = Given.Group(_probe, member);
        using HttpMessageInvoker client = Client(new StubBackends(), group);

        await ResultAsync(() => client.SendAsync(new HttpRequestMessage(HttpMethod.Get, uri), default));

        FakeLogRecord told = Assert.Single(_logs.GetSnapshot());
        Assert.Equal(isNear ? LogLevel.Warning : LogLevel.Debug, told.Level);
        if (isNear)
        {
            Assert.Equal(
                $"Requests to {uri.Replace("/x", "", StringComparison.Ordinal).ToLowerInvariant()} bypass group orders and have no failover: it knows {member}, and that is another address. Ask for that, or set the client's BaseAddress where AddHttpClient configures it. Told once for each address.",
                told.Message);
        }
    }

    [Fact]
    public async Task A_near_miss_is_told_without_the_secrets_of_its_address()
    {
        using HttpMessageInvoker client = Client(new StubBackends());

        await ResultAsync(() => client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://me:hush@a/hush?hush"), default));

        Assert.DoesNotContain("hush", Assert.Single(_logs.GetSnapshot()).Message, StringComparison.Ordinal);
    }

    // Handlers come and go every two minutes; a client stays.
    [Fact]
    public async Task A_near_miss_is_told_once_for_each_address_of_a_client_and_not_without_end()
    {
        var addresses = new ClientAddresses();
        for (int handler = 0; handler < 2; handler++)
        {
            using var client = new HttpMessageInvoker(new FailoverHandler(_group, new Loggers(_logs), null, addresses) { InnerHandler = new StubBackends() });
            for (int port = 5000; port < 5100; port++)
            {
                await ResultAsync(() => client.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"https://a:{port}/x"), default));
            }
        }

        Assert.Equal(16, _logs.GetSnapshot().Count(record => record.Id.Name == "RequestBypasses"));
    }

    [Fact]
    public async Task An_address_that_is_no_members_belongs_to_the_group_if_it_is_the_base_address()
    {
        StubBackends backends = new();
        using var client = new HttpMessageInvoker(new FailoverHandler(_group) { InnerHandler = backends, BaseAddress = new Uri("https://orders/v1") });
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://orders/v1/x");

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.Equal(["GET https://a/x"], backends.Asked);
    }

    // No list of members mixes the two; but clients keep the address that they were made with.
    [Theory]
    [InlineData("https://orders/x")]
    [InlineData("https://a/x")]
    public async Task What_is_addressed_by_https_is_never_sent_in_clear(string uri)
    {
        await using FailoverGroup group = Given.Group(_probe, "http://a", "http://b");
        StubBackends backends = new();
        using var client = new HttpMessageInvoker(new FailoverHandler(group) { InnerHandler = backends, BaseAddress = new Uri(uri) });
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, default));
        var again = Assert.Throws<HttpRequestException>(() => client.Send(request, default));

        Assert.Equal(
            $"A request to https://{new Uri(uri).Authority} was not sent: the member a of orders (http://a) is without TLS, and what is addressed by https is not sent in clear. Give the members https, or the client an http address; AllowInsecureMember allows it.",
            error.Message);
        Assert.Equal((HttpRequestError.SecureConnectionError, error.Message), (error.HttpRequestError, again.Message));
        Assert.Empty(backends.Asked);
        Assert.Equal((0, 0, 0, 0), Given.Told(group, 0));
    }

    [Fact]
    public async Task What_is_addressed_by_https_is_sent_in_clear_where_it_is_allowed()
    {
        await using FailoverGroup group = new FailoverGroupBuilder("orders").UseProbe(_probe).AddMember(new Uri("http://a")).AllowInsecureMember().Build();
        StubBackends backends = new();
        using var client = new HttpMessageInvoker(new FailoverHandler(group) { InnerHandler = backends, BaseAddress = new Uri("https://orders") });
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://orders/x");

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.Equal(["GET http://a/x"], backends.Asked);
    }

    [Fact]
    public async Task What_is_addressed_by_http_may_go_to_an_https_member()
    {
        StubBackends backends = new();
        using var client = new HttpMessageInvoker(new FailoverHandler(_group) { InnerHandler = backends, BaseAddress = new Uri("http://orders") });
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x");

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.Equal(["GET https://a/x"], backends.Asked);
    }

    // The engine itself would take such a list: this is the guard behind the one that refuses it.
    [Fact]
    public async Task A_request_that_failed_under_TLS_is_not_sent_again_in_clear()
    {
        _group.Start();
        _group.Post(new Failover.Engine.MembersChanged([new(new Uri("https://a")), new(new Uri("http://b"))]));
        StubBackends backends = new StubBackends().Does("a", "503");
        using HttpMessageInvoker client = Client(backends);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/x");

        Assert.Equal("503", await ResultAsync(() => client.SendAsync(request, default)));

        Assert.Equal(["GET https://a/x"], backends.Asked);
    }

    [Fact]
    public async Task A_client_made_before_the_members_lost_their_TLS_sends_nothing()
    {
        StubBackends backends = new();
        using var client = new HttpMessageInvoker(new FailoverHandler(_group) { InnerHandler = backends, BaseAddress = new Uri("https://a") });
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/x");
        _group.SetMembers([new(new Uri("http://c"))]);

        Assert.Equal("SecureConnectionError", await ResultAsync(() => client.SendAsync(request, default)));

        Assert.Empty(backends.Asked);
    }

    [Fact]
    public async Task The_same_message_goes_out_again_with_all_that_is_on_it()
    {
        var key = new HttpRequestOptionsKey<string>("mine");
        var content = new StreamContent(new MemoryStream([1, 2, 3]));
        var seen = new List<(HttpRequestMessage, Version, HttpVersionPolicy, string?, string, HttpContent?)>();
        HttpResponseMessage See(HttpRequestMessage request)
        {
            request.Options.TryGetValue(key, out string? option);
            seen.Add((request, request.Version, request.VersionPolicy, request.Headers.Host, string.Join(',', request.Headers.GetValues("X-Mine")) + option, request.Content));
            return request.RequestUri!.Authority == "a" ? throw StubBackends.Refused : StubBackends.Answer(request, HttpStatusCode.OK);
        }

        using HttpMessageInvoker client = Client(new StubBackends().Does("a", See).Does("b", See));
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://a/x") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content };
        request.Headers.Host = "virtual.example.com";
        request.Headers.Add("X-Mine", "one");
        request.Options.Set(key, "two");

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.Equal(2, seen.Count);
        Assert.Equal((request, HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact, "virtual.example.com", "onetwo", content), seen[0]);
        Assert.Equal(seen[0], seen[1]);
    }

    // The member has answered, with a redirect; what comes of it elsewhere is not its fault.
    [Fact]
    public async Task A_fault_behind_a_redirect_to_somewhere_else_counts_against_nobody()
    {
        StubBackends backends = new StubBackends().Does("a", request =>
        {
            request.RequestUri = new Uri("https://elsewhere/");
            throw StubBackends.Refused;
        });
        using HttpMessageInvoker client = Client(backends);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/");

        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, default));

        Assert.Single(backends.Asked);
        Assert.Equal("1/0/0", Told(_group, 0));
        Assert.Equal("https://a/", request.RequestUri?.AbsoluteUri);
    }

    // 303 See Other: the POST was executed, its result is asked for with GET.
    [Fact]
    public async Task A_POST_that_a_redirect_has_made_a_GET_is_not_sent_again()
    {
        StubBackends backends = new StubBackends().Does("a", request =>
        {
            request.RequestUri = new Uri("https://a/result");
            request.Method = HttpMethod.Get;
            request.Content = null;
            throw StubBackends.Refused;
        });
        using HttpMessageInvoker client = Client(backends);
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://a/") { Content = new StringContent("x") };

        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, default));

        Assert.Single(backends.Asked);
        Assert.Equal("0/0/1", Told(_group, 0));
    }

    [Fact]
    public async Task A_POST_without_content_is_sealed_while_it_is_under_way()
    {
        HttpContent? seen = null;
        using HttpMessageInvoker client = Client(new StubBackends().Does("a", request =>
        {
            seen = request.Content;
            return StubBackends.Answer(request, HttpStatusCode.OK);
        }));
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://a/");

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.IsType<Seal>(seen);
        Assert.Null(request.Content);
    }

    [Fact]
    public async Task The_answer_that_is_not_returned_is_disposed_of()
    {
        var content = new DisposalContent();
        using HttpMessageInvoker client = Client(new StubBackends().Does("a", _ => new(HttpStatusCode.ServiceUnavailable) { Content = content }));
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/");

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.True(content.IsDisposed);
    }

    [Fact]
    public async Task A_replay_is_logged_without_path_and_query()
    {
        using HttpMessageInvoker client = Client(new StubBackends().Does("a", "503"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/secret?token=hush");

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.Equal("A GET request failed on a of orders (Unavailable) and is sent to b.", Assert.Single(_logs.GetSnapshot()).Message);
    }

    [Fact]
    public async Task A_group_of_another_kind_is_told_once_and_left_alone()
    {
        await using FailoverGroup group = Given.Group(_probe, "tcp://db-a:5432", "tcp://db-b:5432");
        StubBackends backends = new();
        using HttpMessageInvoker client = Client(backends, group);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/");

        using HttpResponseMessage response = await client.SendAsync(request, default);
        using HttpResponseMessage again = await client.SendAsync(request, default);

        Assert.Equal("GroupNotHttp", Assert.Single(_logs.GetSnapshot()).Id.Name);
    }

    // The least age at which a call hangs differs: 500 ms for what only asks, 2 s for the rest.
    [Theory]
    [InlineData("GET", true)]
    [InlineData("HEAD", true)]
    [InlineData("OPTIONS", true)]
    [InlineData("TRACE", true)]
    [InlineData("PUT", false)]
    [InlineData("DELETE", false)]
    [InlineData("POST", false)]
    [InlineData("PATCH", false)]
    public async Task Only_safe_methods_are_timed_as_reads(string method, bool isRead)
    {
        int overdueReads = -1;
        int overdueWrites = -1;
        using HttpMessageInvoker client = Client(new StubBackends().Does("a", request =>
        {
            MemberMeter meter = _group.Snapshot.Members[0].Meter;
            overdueReads = meter.Read(new(Read: TimeSpan.Zero, Write: TimeSpan.FromHours(1), Max: TimeSpan.FromHours(1))).Overdue;
            overdueWrites = meter.Read(new(Read: TimeSpan.FromHours(1), Write: TimeSpan.Zero, Max: TimeSpan.FromHours(1))).Overdue;
            return StubBackends.Answer(request, HttpStatusCode.OK);
        }));
        using var request = new HttpRequestMessage(new HttpMethod(method), "https://a/");

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.Equal(isRead ? (1, 0) : (0, 1), (overdueReads, overdueWrites));
    }

    [Fact]
    public async Task A_request_that_names_the_active_member_costs_no_allocation()
    {
        using HttpMessageInvoker client = Client(new PreparedBackend());
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/x");
        await _group.WaitForActiveAsync(default);
        long least = long.MaxValue;
        for (int i = 0; i < 50; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Task<HttpResponseMessage> sending = client.SendAsync(request, default);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.True(sending.IsCompletedSuccessfully);
        }

        Assert.Equal(0, least);
    }

    private static string Authority(string asked) => new Uri(asked[(asked.IndexOf(' ', StringComparison.Ordinal) + 1)..]).Authority;

    private static string Told(FailoverGroup group, int member)
    {
        (long succeeded, long failed, long disputed, int waiting) = Given.Told(group, member);
        Assert.Equal(0, waiting);
        return $"{succeeded}/{failed}/{disputed}";
    }

    private static async Task<string> ResultAsync(Func<Task<HttpResponseMessage>> send)
    {
        try
        {
            using HttpResponseMessage response = await send();
            return $"{(int)response.StatusCode}";
        }
        catch (HttpRequestException error)
        {
            return error.HttpRequestError.ToString();
        }
        catch (InvalidOperationException error)
        {
            return error.GetType().Name;
        }
    }

    private HttpMessageInvoker Client(HttpMessageHandler backends, FailoverGroup? group = null) =>
        new(new FailoverHandler(group ?? _group, new Loggers(_logs)) { InnerHandler = backends });

    private sealed class DisposalContent : ByteArrayContent
    {
        internal DisposalContent()
            : base([])
        {
        }

        internal bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }

    private sealed class PreparedBackend : HttpMessageHandler
    {
        private readonly Task<HttpResponseMessage> _answer = Task.FromResult(new HttpResponseMessage());

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _answer;
    }
}
