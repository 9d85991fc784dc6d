using System.Net;

namespace Failover.Http.Tests;

public sealed class FailoverHandlerTests : HandlerOverStubs
{
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

    private sealed class PreparedBackend : HttpMessageHandler
    {
        private readonly Task<HttpResponseMessage> _answer = Task.FromResult(new HttpResponseMessage());

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _answer;
    }
}
