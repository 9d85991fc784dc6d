using System.Net;
using System.Net.Sockets;
using Failover.Http.Connections;
using Failover.Http.Tests.Protocols.Survival;
using Microsoft.Extensions.DependencyInjection;

namespace Failover.Http.Tests.Connections;

/// <summary>What becomes of the connections to a member that was left, counted by real servers.</summary>
public class LeftConnectionsTests
{
    public static TheoryData<Wire> Wires => [.. Enum.GetValues<Wire>()];

    public static TheoryData<Wire> Http1Wires => [Wire.Http1, Wire.Http1Tls];

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Idle_connections_to_a_member_are_closed_when_another_one_gets_the_requests(Wire wire)
    {
        await using Scene scene = await Scene.BeginAsync(wire);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => scene.GetAsync("/who")));
        Assert.True(scene.A.Open > 0);

        await scene.SwitchToAsync(scene.B);
        Assert.Equal("b", await scene.GetAsync("/who"));
        await scene.A.ClosedAsync();
        Assert.True(scene.B.Open > 0);

        await scene.SwitchToAsync(scene.A);
        Assert.Equal("a", await scene.GetAsync("/who"));
        await scene.B.ClosedAsync();
        Assert.Equal("a", await scene.GetAsync("/who"));
        Assert.Equal(1, scene.A.Open);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task What_is_in_flight_on_a_left_member_ends_in_peace_and_its_connection_with_it(Wire wire)
    {
        var more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Scene scene = await Scene.BeginAsync(wire);
        using var upload = new HeldContent(more.Task, 200_000);
        using HttpResponseMessage download = await scene.Client.GetAsync("/download", HttpCompletionOption.ResponseHeadersRead);
        Task<string> waiting = scene.GetAsync("/wait");
        Task<HttpResponseMessage> uploading = scene.Client.PostAsync("/upload", upload);
        await upload.Begun.WaitAsync(Given.Limit);
        await Given.UntilAsync(() => scene.A.Held == 2, () => $"{scene.A.Held} requests have come");

        await scene.SwitchToAsync(scene.B);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("b", await scene.GetAsync("/who"));
        }

        // Where requests share a connection, it is not idle.
        await Given.UntilAsync(() => scene.A.Open == (wire.IsHttp2() ? 1 : 3), () => $"{scene.A.Open} are open");
        Assert.False(waiting.IsCompleted);
        Assert.False(uploading.IsCompleted);

        more.SetResult();
        scene.A.Release();
        Assert.Equal(Backend.Large, await download.Content.ReadAsByteArrayAsync().WaitAsync(Given.Limit));
        Assert.Equal("a", await waiting.WaitAsync(Given.Limit));
        using HttpResponseMessage uploaded = await uploading.WaitAsync(Given.Limit);
        Assert.Equal("a got 200000", await uploaded.Content.ReadAsStringAsync());
        await scene.A.ClosedAsync();
    }

    [Theory]
    [MemberData(nameof(Http1Wires))]
    public async Task A_request_that_waits_for_a_free_connection_gets_it_though_its_member_was_left(Wire wire)
    {
        await using Scene scene = await Scene.BeginAsync(wire, client => client.UseSocketsHttpHandler((handler, _) => handler.MaxConnectionsPerServer = 1));
        Task<string> first = scene.GetAsync("/wait");
        await Given.UntilAsync(() => scene.A.Held == 1, () => "it has not come");
        Task<string> second = scene.GetAsync("/wait");

        await scene.SwitchToAsync(scene.B);
        Assert.Equal("b", await scene.GetAsync("/who"));
        scene.A.Release();

        Assert.Equal(["a", "a"], await Task.WhenAll(first, second).WaitAsync(Given.Limit));
        await scene.A.ClosedAsync();
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task A_request_that_waits_for_its_connection_gets_it_though_its_member_was_left(Wire wire)
    {
        TaskCompletionSource mayConnect = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int connecting = 0;
        Uri? slow = null;
        await using Scene scene = await Scene.BeginAsync(wire, client => client.UseSocketsHttpHandler((handler, _) => handler.ConnectCallback = async (context, cancellationToken) =>
        {
            if (context.DnsEndPoint.Port == slow?.Port)
            {
                Interlocked.Increment(ref connecting);
                await mayConnect.Task.WaitAsync(cancellationToken);
            }

            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }));
        slow = scene.A.Address;
        Task<string>[] waiting = [.. Enumerable.Range(0, 3).Select(_ => scene.PostAsync("/who"))];
        await Given.UntilAsync(() => Volatile.Read(ref connecting) > 0, () => "nobody connects");

        await scene.SwitchToAsync(scene.B);
        Assert.Equal("b", await scene.GetAsync("/who"));
        mayConnect.SetResult();

        Assert.Equal(["a", "a", "a"], await Task.WhenAll(waiting).WaitAsync(Given.Limit));
        await scene.A.ClosedAsync();
    }

    // A machine that was restarted, or a firewall between, knows nothing of connections from before, and may swallow what comes over them.
    [Theory]
    [MemberData(nameof(Wires))]
    public async Task A_member_that_is_returned_to_is_spoken_to_over_new_connections(Wire wire)
    {
        await using Scene scene = await Scene.BeginAsync(wire);
        using HttpResponseMessage before = await scene.Client.GetAsync("/download", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("a", await scene.GetAsync("/who"));
        int opened = scene.A.Opened;
        await scene.SwitchToAsync(scene.B);
        Assert.Equal("b", await scene.GetAsync("/who"));

        await scene.SwitchToAsync(scene.A);
        Assert.Equal("a", await scene.GetAsync("/who"));
        Assert.Equal("a", await scene.GetAsync("/who"));

        Assert.Equal(opened + 1, scene.A.Opened);
        scene.A.Release();
        Assert.Equal(Backend.Large, await before.Content.ReadAsByteArrayAsync().WaitAsync(Given.Limit));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task No_request_is_lost_however_often_members_are_left(Wire wire)
    {
        await using Scene scene = await Scene.BeginAsync(wire);
        using var stop = new CancellationTokenSource();
        int answered = 0;
        Task[] callers =
        [
            .. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    Assert.Contains(await scene.GetAsync("/who"), new[] { "a", "b" });
                    Interlocked.Increment(ref answered);
                }
            })),
            .. Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested && wire is Wire.Http2 or Wire.Http2Tls)
                {
                    Assert.Contains(await scene.PostAsync("/who"), new[] { "a", "b" });
                    Interlocked.Increment(ref answered);
                }

                while (!stop.IsCancellationRequested)
                {
                    using var request = new HttpRequestMessage(HttpMethod.Post, "/who");
                    using HttpResponseMessage response = scene.Client.Send(request);
                    Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                    Interlocked.Increment(ref answered);
                }
            })),
        ];

        for (int i = 0; i < 100; i++)
        {
            await scene.SwitchToAsync(i % 2 == 0 ? scene.B : scene.A);
            int before = Volatile.Read(ref answered);
            await Given.UntilAsync(() => Volatile.Read(ref answered) > before + 5 || callers.Any(caller => caller.IsFaulted), () => "nobody is answered");
        }

        await stop.CancelAsync();
        await Task.WhenAll(callers).WaitAsync(Given.Limit);
        Assert.Equal("a", await scene.GetAsync("/who"));

        await scene.B.ClosedAsync();
    }

    // A member is its address, whatever it is called and whoever brings it back.
    [Fact]
    public async Task A_member_that_was_away_between_two_requests_keeps_its_connections()
    {
        await using Scene scene = await Scene.BeginAsync(Wire.Http1);
        Assert.Equal("a", await scene.GetAsync("/who"));

        scene.Group.SetMembers([new(scene.B.Address)]);
        await Given.ActiveAsync(scene.Group, scene.B.Address.Authority);
        scene.Group.SetMembers([new("renamed", scene.A.Address), new(scene.B.Address)]);
        await Given.UntilAsync(() => scene.Group.Snapshot.Members.All(member => member.Verdict == Verdict.Healthy), () => "not both healthy");
        await scene.SwitchToAsync(scene.A);

        Assert.Equal("renamed", scene.Group.Snapshot.Active?.Name);
        Assert.Equal("a", await scene.GetAsync("/who"));
        Assert.Equal(1, scene.A.Opened);
    }

    [Fact]
    public async Task A_client_that_is_disposed_of_closes_its_connections()
    {
        await using Scene scene = await Scene.BeginAsync(Wire.Http1);
        using var given = new SocketsHttpHandler();
        var handler = new ConnectionsHandler(scene.Group, given, () => SocketsHandlerCopy.Of(given), TimeProvider.System);
        using var client = new HttpClient(handler, disposeHandler: false);
        using var unused = new HttpClient(new ConnectionsHandler(scene.Group, given, () => throw new NotSupportedException(), TimeProvider.System));
        Assert.Equal("a", await client.GetStringAsync(new Uri(scene.A.Address, "/who")));
        Assert.Equal(1, scene.A.Open);

        handler.Dispose();
        unused.Dispose();

        await scene.A.ClosedAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.GetStringAsync(scene.A.Address));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => new HttpClient(given).GetStringAsync(scene.A.Address));
    }
}
