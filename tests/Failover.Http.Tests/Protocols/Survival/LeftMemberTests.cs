using System.Net;
using System.Net.ServerSentEvents;
using System.Security.Cryptography;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Http;

namespace Failover.Http.Tests.Protocols.Survival;

/// <summary>What is under way on a member goes on there when the group leaves it, whatever the reason: we cut nothing, and all bytes arrive. New requests go to the next member meanwhile.</summary>
public sealed class LeftMemberTests(SurvivalServers servers) : SurvivalTests(servers)
{
    private static readonly byte[] Large = RandomNumberGenerator.GetBytes(5 * 1024 * 1024);

    /// <summary>Why a group leaves a member.</summary>
    public enum Reason
    {
        /// <summary>Its probes fail.</summary>
        Probes,

        /// <summary>Requests to it fail.</summary>
        Requests,

        /// <summary>Somebody drains it.</summary>
        Drained,

        /// <summary>Somebody asks for the other one, and pins the group.</summary>
        Pinned,

        /// <summary>It is taken from the list.</summary>
        Removed,
    }

    public static TheoryData<Wire, Reason> Reasons => Each(Enum.GetValues<Wire>());

    public static TheoryData<Wire, Reason> Http2Reasons => Each([Wire.Http2, Wire.Http2Tls]);

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task A_stream_of_events_goes_on(Wire wire, Reason reason)
    {
        using var more = new SemaphoreSlim(0);
        await using Scene scene = Begin(wire, async context =>
        {
            context.Response.ContentType = "text/event-stream";
            for (int i = 0; i < 20; i++)
            {
                await context.Response.WriteAsync($"id: {i}\ndata: event {i}\n\n");
                await context.Response.Body.FlushAsync();
                await more.WaitAsync(context.RequestAborted);
            }
        });
        using HttpResponseMessage response = await scene.Client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead);
        await using IAsyncEnumerator<SseItem<string>> events = SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(Given.Limit));

        await scene.LeaveAsync(reason);

        List<string> data = [events.Current.Data];
        more.Release(20);
        while (await events.MoveNextAsync().AsTask().WaitAsync(Given.Limit))
        {
            data.Add(events.Current.Data);
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"event {i}"), data);
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task A_download_goes_on(Wire wire, Reason reason)
    {
        var more = new TaskCompletionSource();
        await using Scene scene = Begin(wire, async context =>
        {
            context.Response.ContentLength = Large.Length;
            await context.Response.Body.WriteAsync(Large.AsMemory(0, 1000));
            await context.Response.Body.FlushAsync();
            await more.Task.WaitAsync(context.RequestAborted);
            await context.Response.Body.WriteAsync(Large.AsMemory(1000), context.RequestAborted);
        });

        // One whose caller reads it piece by piece, and one that the client buffers.
        using HttpResponseMessage response = await scene.Client.GetAsync("/download", HttpCompletionOption.ResponseHeadersRead);
        var headers = new TaskCompletionSource();
        using var outermost = new HeadersSeen(scene.Chain, headers.SetResult);
        using var other = new HttpClient(outermost, disposeHandler: false) { BaseAddress = scene.Client.BaseAddress, DefaultRequestVersion = wire.Version(), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        Task<byte[]> buffered = BufferAsync(other);
        await headers.Task.WaitAsync(Given.Limit);

        await scene.LeaveAsync(reason);

        more.SetResult();
        Assert.Equal(Large, await response.Content.ReadAsByteArrayAsync().WaitAsync(Given.Limit));
        Assert.Equal(Large, await buffered.WaitAsync(Given.Limit));

        static async Task<byte[]> BufferAsync(HttpClient client)
        {
            using HttpResponseMessage response = await client.GetAsync("/download");
            return await response.Content.ReadAsByteArrayAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task An_upload_goes_on_even_one_that_could_be_sent_again(Wire wire, Reason reason)
    {
        using var begun = new SemaphoreSlim(0);
        var more = new TaskCompletionSource();
        await using Scene scene = Begin(wire, async context =>
        {
            byte[] first = new byte[1000];
            await context.Request.Body.ReadExactlyAsync(first);
            begun.Release();
            await more.Task.WaitAsync(context.RequestAborted);
            using var body = new MemoryStream();
            body.Write(first);
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            await context.Response.WriteAsync($"{Name(wire, context)} {Transcript.Body(body.ToArray())}");
        });
        Task<string>[] uploads =
        [
            SendAsync(scene.Client, HttpMethod.Post, new StreamContent(new MemoryStream(Large))),
            SendAsync(scene.Client, HttpMethod.Put, new ByteArrayContent(Large)),
        ];
        Assert.True(await begun.WaitAsync(Given.Limit) && await begun.WaitAsync(Given.Limit));

        await scene.LeaveAsync(reason);

        more.SetResult();
        foreach (Task<string> upload in uploads)
        {
            Assert.Equal($"a {Transcript.Body(Large)}", await upload.WaitAsync(Given.Limit));
        }

        static async Task<string> SendAsync(HttpClient client, HttpMethod method, HttpContent content)
        {
            using var request = new HttpRequestMessage(method, "/upload") { Content = content, Version = client.DefaultRequestVersion, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using HttpResponseMessage response = await client.SendAsync(request);
            return await response.Content.ReadAsStringAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Http2Reasons))]
    public async Task A_gRPC_call_in_both_directions_goes_on(Wire wire, Reason reason)
    {
        await using Scene scene = Begin(wire, _ => Task.CompletedTask);
        using GrpcChannel channel = GrpcChannel.ForAddress(scene.Client.BaseAddress!, new GrpcChannelOptions { HttpHandler = scene.Chain });
        var orders = new Orders.OrdersClient(channel);
        using AsyncDuplexStreamingCall<Order, Receipt> talk = orders.Talk();
        List<Receipt> receipts = [];
        await SayAsync(talk, receipts, 10);

        await scene.LeaveAsync(reason);

        using AsyncDuplexStreamingCall<Order, Receipt> later = orders.Talk();
        await SayAsync(later, receipts, 1);
        await SayAsync(talk, receipts, 10);
        await talk.RequestStream.CompleteAsync();
        Assert.False(await talk.ResponseStream.MoveNext(default));
        Assert.Equal("20", talk.GetTrailers().GetValue("orders"));
        Assert.Equal(StatusCode.OK, talk.GetStatus().StatusCode);
        SurvivalServers.Trio trio = Servers.Of(wire);
        Assert.Equal(20, receipts.Count(receipt => receipt.Backend == $"{trio.A.Address.Port}"));
        Assert.Equal(1, receipts.Count(receipt => receipt.Backend == $"{trio.B.Address.Port}"));

        static async Task SayAsync(AsyncDuplexStreamingCall<Order, Receipt> call, List<Receipt> receipts, int times)
        {
            for (int i = 0; i < times; i++)
            {
                await call.RequestStream.WriteAsync(new Order { Id = $"{i}" });
                Assert.True(await call.ResponseStream.MoveNext(default).WaitAsync(Given.Limit));
                Assert.Equal($"{i}", call.ResponseStream.Current.Id);
                receipts.Add(call.ResponseStream.Current);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Http1Wires))]
    public async Task A_connection_that_changed_its_protocol_goes_on(Wire wire)
    {
        await using Scene scene = Begin(wire, async context =>
        {
            await using Stream stream = await context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpUpgradeFeature>()!.UpgradeAsync();
            await stream.CopyToAsync(stream, context.RequestAborted);
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/upgrade");
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("echo");
        using HttpResponseMessage response = await scene.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using Stream stream = await response.Content.ReadAsStreamAsync();

        await scene.LeaveAsync(Reason.Probes);

        byte[] echo = new byte[5];
        await stream.WriteAsync("hello"u8.ToArray());
        await stream.ReadExactlyAsync(echo).AsTask().WaitAsync(Given.Limit);
        Assert.Equal("hello"u8.ToArray(), echo);
    }

    [Theory]
    [MemberData(nameof(Http2Wires))]
    public async Task Requests_that_wait_are_sent_to_the_next_and_other_streams_of_their_connection_stay(Wire wire)
    {
        using var waiting = new SemaphoreSlim(0);
        using var reset = new SemaphoreSlim(0);
        var released = new TaskCompletionSource();
        await using Scene scene = Begin(wire, async context =>
        {
            if (Name(wire, context) == "a" && context.Request.Path == "/wait")
            {
                waiting.Release();
                await released.Task.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (context.RequestAborted.IsCancellationRequested)
                {
                    reset.Release();
                    return;
                }
            }

            await context.Response.WriteAsync($"{Name(wire, context)} {context.Connection.Id}\n");
            if (context.Request.Path == "/open")
            {
                await context.Response.Body.FlushAsync();
                await released.Task.WaitAsync(context.RequestAborted);
                await context.Response.WriteAsync("the rest");
            }
        });
        using HttpResponseMessage open = await scene.Client.GetAsync("/open", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await open.Content.ReadAsStreamAsync());
        string connection = (await reader.ReadLineAsync())!;
        Task<string>[] gets = [.. Enumerable.Range(0, 5).Select(_ => scene.Client.GetStringAsync("/wait"))];
        Task<string> post = PostAsync(scene.Client);
        for (int i = 0; i < 6; i++)
        {
            Assert.True(await waiting.WaitAsync(Given.Limit));
        }

        await scene.LeaveAsync(Reason.Probes);

        foreach (Task<string> get in gets)
        {
            Assert.StartsWith("b ", await get.WaitAsync(Given.Limit), StringComparison.Ordinal);
            Assert.True(await reset.WaitAsync(Given.Limit), "The server was not told.");
        }

        Assert.False(post.IsCompleted);
        released.SetResult();
        Assert.Equal("the rest", await reader.ReadToEndAsync().WaitAsync(Given.Limit));
        Assert.Equal(connection + "\n", await post.WaitAsync(Given.Limit));
        Assert.Equal(0, reset.CurrentCount);

        static async Task<string> PostAsync(HttpClient client)
        {
            using HttpResponseMessage response = await client.PostAsync("/wait", null);
            return await response.Content.ReadAsStringAsync();
        }
    }

    private static TheoryData<Wire, Reason> Each(Wire[] wires)
    {
        var data = new TheoryData<Wire, Reason>();
        foreach (Wire wire in wires)
        {
            foreach (Reason reason in Enum.GetValues<Reason>())
            {
                data.Add(wire, reason);
            }
        }

        return data;
    }

    private Scene Begin(Wire wire, RequestDelegate serve)
    {
        SurvivalServers.Trio trio = Servers.Of(wire);
        trio.Play(context => context.Request.Path == "/who" ? context.Response.WriteAsync(Name(wire, context)) : serve(context), []);
        return new Scene(wire, trio);
    }

    private string Name(Wire wire, HttpContext context) => context.Connection.LocalPort == Servers.Of(wire).A.Address.Port ? "a" : "b";

    /// <summary>A group of two members, and a client.</summary>
    private sealed class Scene : IAsyncDisposable
    {
        private readonly SurvivalServers.Trio _trio;
        private readonly FakeProbe _probe = new();
        private readonly FailoverGroup _group;

        internal Scene(Wire wire, SurvivalServers.Trio trio)
        {
            _trio = trio;
            _group = new FailoverGroupBuilder("orders").AddMember(trio.A.Address).AddMember(trio.B.Address).UseProbe(_probe)
                .Configure(options =>
                {
                    Given.Quick(options);
                    options.Detection.ProbeInterval = TimeSpan.FromMilliseconds(100);
                    options.Detection.ProbeTimeout = options.Detection.ProbeInterval;
                })
                .Build();
            SocketsHttpHandler transport = Run.NewTransport();

            // Else a channel opens its connections itself.
            transport.Properties["__GrpcLoadBalancingDisabled"] = true;
            FailoverHandler chain = Run.Over(_group, transport);
            chain.BaseAddress = trio.A.Address;
            Chain = chain;
            Client = new HttpClient(Chain) { BaseAddress = trio.A.Address, DefaultRequestVersion = wire.Version(), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact, Timeout = Given.Limit };
        }

        internal HttpMessageHandler Chain { get; }

        internal HttpClient Client { get; }

        /// <summary>Makes the group leave its first member, and waits until requests go to the other one.</summary>
        internal async Task LeaveAsync(Reason reason)
        {
            await Given.UntilAsync(() => _group.Snapshot.Members.All(member => member.Verdict == Verdict.Healthy), () => "not both healthy");
            MemberSnapshot a = _group.Snapshot.Members[0];
            Assert.Equal("a", await Client.GetStringAsync("/who"));
            switch (reason)
            {
                case Reason.Probes:
                    _probe.Answers(_trio.A.Address.Authority, ProbeResult.Failure("refused"));
                    break;
                case Reason.Requests:
                    for (int i = 0; i < 3; i++)
                    {
                        a.Meter.Failed(a.Meter.Start());
                    }

                    _probe.Answers(_trio.A.Address.Authority, ProbeResult.Failure("refused"));
                    break;
                case Reason.Drained:
                    _group.Drain(a.Member);
                    break;
                case Reason.Pinned:
                    await _group.SwitchToAsync(_group.Snapshot.Members[1].Member, default);
                    _group.Pin();
                    break;
                case Reason.Removed:
                    _group.RemoveMember(a.Member);
                    break;
            }

            await Given.ActiveAsync(_group, _trio.B.Address.Authority);
            Assert.Equal("b", await Client.GetStringAsync("/who"));
            if (reason is Reason.Probes or Reason.Requests)
            {
                await Given.UntilAsync(() => a.GivenUp.IsCancellationRequested, () => "those who wait were not told");
            }
            else
            {
                Assert.False(a.GivenUp.IsCancellationRequested);
            }
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await _group.DisposeAsync();
        }
    }
}
