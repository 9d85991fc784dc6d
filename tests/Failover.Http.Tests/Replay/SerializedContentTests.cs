using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Failover.Http.Replay;
using Failover.Http.Tests.Protocols;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Failover.Http.Tests.Replay;

/// <summary>JSON that is made of a value while it is sent, against two real servers.</summary>
public sealed class SerializedContentTests : IAsyncLifetime
{
    private KestrelBackend _a = null!;
    private KestrelBackend _b = null!;
    private FailoverGroup _group = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        (_a, _b) = (await KestrelBackend.StartAsync(HttpProtocols.Http1), await KestrelBackend.StartAsync(HttpProtocols.Http1));
        _group = new FailoverGroupBuilder("orders").AddMember(_a.Address).AddMember(_b.Address).UseProbe(new FakeProbe()).Build();
        _client = new(new FailoverHandler(_group) { InnerHandler = new SocketsHttpHandler() }) { BaseAddress = _a.Address, Timeout = Given.Limit };
        await Given.AllHealthyAsync(_group);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _group.DisposeAsync();
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Theory]
    [InlineData("PUT", null, 1)]
    [InlineData("POST", "8e03978e", 1)]
    [InlineData("POST", null, 0)]
    public async Task It_is_sent_to_the_next_member_where_it_may_run_twice(string method, string? key, int sentToB)
    {
        _a.Instead = Unavailable;
        using HttpRequestMessage request = Request(method, JsonContent.Create(new Order(7, ["x", "y"])));
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using HttpResponseMessage response = await _client.SendAsync(request);

        Assert.Equal(sentToB == 1 ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal((1, sentToB), (_a.Requests.Count, _b.Requests.Count));
        Assert.All(_a.Requests.Concat(_b.Requests), asked => Assert.Equal("""{"id":7,"lines":["x","y"]}""", asked.Body));
    }

    [Fact]
    public async Task As_PutAsJsonAsync_sends_it_too()
    {
        _a.Instead = Unavailable;

        using HttpResponseMessage response = await _client.PutAsJsonAsync("orders/7", new Order(7, []));

        Assert.Equal((HttpStatusCode.OK, """{"id":7,"lines":[]}"""), (response.StatusCode, Assert.Single(_b.Requests).Body));
    }

    // Sequences that are made while they are read; and, between them, one that is held in memory.
    [Theory]
    [InlineData("async", 0)]
    [InlineData("lazy", 0)]
    [InlineData("list", 1)]
    public async Task A_sequence_that_is_made_while_it_is_read_is_sent_once(string kind, int sentToB)
    {
        RetryBudget.Of(_group).Follow(new HttpReplayOptions { BufferContent = 1000 });
        _a.Instead = Unavailable;
        int reads = 0;
        IEnumerable<int> Lazy()
        {
            reads++;
            yield return 1;
        }

        async IAsyncEnumerable<int> Async()
        {
            await Task.Yield();
            reads++;
            yield return 1;
        }

        using HttpRequestMessage request = Request("PUT", kind switch { "async" => JsonContent.Create(Async()), "lazy" => JsonContent.Create(Lazy()), _ => JsonContent.Create(new List<int> { 1 }) });

        using HttpResponseMessage response = await _client.SendAsync(request);

        Assert.Equal((1, sentToB, sentToB == 0 ? 1 : 0), (_a.Requests.Count, _b.Requests.Count, reads));
        Assert.All(_a.Requests.Concat(_b.Requests), asked => Assert.Equal("[1]", asked.Body));
    }

    // Only where it is in memory: how far the rest has gone out nobody knows.
    [Theory]
    [InlineData(1000, true)]
    [InlineData(10, false)]
    [InlineData(0, false)]
    public async Task It_is_taken_from_a_silent_member_where_it_was_buffered(int most, bool isAbandoned)
    {
        RetryBudget.Of(_group).Follow(new HttpReplayOptions { BufferContent = most });
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _a.Instead = async context =>
        {
            await released.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("ok");
        };
        using HttpRequestMessage request = Request("PUT", JsonContent.Create(new Order(7, ["x"])));
        Task<HttpResponseMessage> sending = _client.SendAsync(request);
        await Given.UntilAsync(() => !_a.Requests.IsEmpty, () => "a was not asked");

        CancellationToken givenUp = _group.Snapshot.Members[0].GivenUp;
        MemberMeter meter = _group.Snapshot.Members[0].Meter;
        for (int i = 0; i < 3; i++)
        {
            meter.Failed(meter.Start());
        }

        await Given.UntilAsync(() => givenUp.IsCancellationRequested, () => "a was not given up");
        if (!isAbandoned)
        {
            Assert.False(sending.IsCompleted);
            released.SetResult();
        }

        using HttpResponseMessage response = await sending.WaitAsync(Given.Limit);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((1, isAbandoned ? 1 : 0), (_a.Requests.Count, _b.Requests.Count));
        Assert.All(_a.Requests.Concat(_b.Requests), asked => Assert.Equal("""{"id":7,"lines":["x"]}""", asked.Body));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(200_000)]
    public async Task What_is_longer_than_the_buffer_is_sent_whole_and_again(int length)
    {
        RetryBudget.Of(_group).Follow(new HttpReplayOptions { BufferContent = 100 });
        _a.Instead = Unavailable;
        using HttpRequestMessage request = Request("PUT", JsonContent.Create(new Order(7, [new string('x', length)])));

        using HttpResponseMessage response = await _client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.All([Assert.Single(_a.Requests), Assert.Single(_b.Requests)], asked => Assert.Equal($$"""{"id":7,"lines":["{{new string('x', length)}}"]}""", asked.Body));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task A_value_that_cannot_be_serialized_is_its_callers_error_and_no_members(int most)
    {
        RetryBudget.Of(_group).Follow(new HttpReplayOptions { BufferContent = most });
        Loop loop = new();
        loop.Self = loop;
        using HttpRequestMessage request = Request("PUT", JsonContent.Create(loop));

        await Assert.ThrowsAsync<JsonException>(() => _client.SendAsync(request));

        Assert.Equal((0, 0, 0), (Given.Told(_group, 0).Failed, Given.Told(_group, 1).Failed, _b.Requests.Count));
    }

    public static TheoryData<object?, bool> Values() => new()
    {
        { null, true },
        { "text", true },
        { 7, true },
        { new Order(7, []), true },
        { new[] { 1 }, true },
        { new HashSet<int> { 1 }, true },
        { new Dictionary<string, int>(), true },
        { new System.Text.Json.Nodes.JsonObject(), true },
        { new Queue<int>(), true },
        { Enumerable.Repeat(1, 3).Where(value => value > 0), false },
        { new Forward(), false },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Sequences_count_if_they_are_collections(object? value, bool isRepeatable)
    {
        using var content = JsonContent.Create(value);

        Assert.Equal(isRepeatable, SerializedContent.IsRepeatable(content));
    }

    private static HttpRequestMessage Request(string method, HttpContent content) => new(new HttpMethod(method), "orders/7") { Content = content };

    private static Task Unavailable(HttpContext context)
    {
        context.Response.StatusCode = 503;
        return Task.CompletedTask;
    }

    private sealed record Order(int Id, string[] Lines);

    private sealed class Loop
    {
        public Loop? Self { get; set; }
    }

    /// <summary>Of no generic kind.</summary>
    private sealed class Forward : System.Collections.IEnumerable
    {
        public System.Collections.IEnumerator GetEnumerator() => Array.Empty<int>().GetEnumerator();
    }
}
