using Failover.Http.Connections;
using Failover.Http.Tests.Protocols.Survival;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Failover.Http.Tests.Connections;

/// <summary>What becomes of connections to a member that is not the first: no move will leave it.</summary>
public class SideConnectionsTests
{
    public static TheoryData<Wire> Wires => [.. Enum.GetValues<Wire>()];

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task A_request_that_comes_late_to_the_member_that_was_left_keeps_no_connection_to_it(Wire wire)
    {
        var held = new HeldRequest();
        await using Scene scene = await Scene.BeginAsync(wire, client => client.AddHttpMessageHandler(() => held));
        await scene.SwitchToAsync(scene.B);
        Task<string> late = scene.GetAsync("/late");
        await held.Begun.WaitAsync(Given.Limit);

        await scene.SwitchToAsync(scene.A);
        Assert.Equal("a", await scene.GetAsync("/who"));
        held.Release();

        Assert.Equal("b", await late);
        await scene.B.ClosedAsync();
        Assert.Equal((1, 1), (scene.A.Open, scene.B.Opened));
    }

    [Fact]
    public async Task Nor_does_one_to_a_member_that_was_removed_while_it_was_active()
    {
        var held = new HeldRequest();
        await using Scene scene = await Scene.BeginAsync(Wire.Http1, client => client.AddHttpMessageHandler(() => held));
        await scene.SwitchToAsync(scene.B);
        Assert.Equal("b", await scene.GetAsync("/who"));
        Task<string> late = scene.GetAsync("/late");
        await held.Begun.WaitAsync(Given.Limit);

        scene.Group.SetMembers([new(scene.A.Address)]);
        await Given.ActiveAsync(scene.Group, scene.A.Address.Authority);
        Assert.Equal("a", await scene.GetAsync("/who"));
        held.Release();

        Assert.Equal("b", await late);
        await scene.B.ClosedAsync();
    }

    [Fact]
    public async Task Requests_to_another_member_share_connections_for_a_second_and_nothing_is_cut_then()
    {
        await using Scene scene = await Scene.BeginAsync(Wire.Http1);
        var time = new FakeTimeProvider();
        using var given = new SocketsHttpHandler();
        using var client = new HttpClient(new ConnectionsHandler(scene.Group, given, () => SocketsHandlerCopy.Of(given), time));
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal("a", await client.GetStringAsync(new Uri(scene.A.Address, "/who")));
            Assert.Equal("b", await client.GetStringAsync(new Uri(scene.B.Address, "/who")));
        }

        Assert.Equal((1, 1), (scene.A.Opened, scene.B.Opened));
        Task<string> waiting = client.GetStringAsync(new Uri(scene.B.Address, "/wait"));
        await Given.UntilAsync(() => scene.B.Held == 1, () => "it has not come");
        Assert.Equal("b", await client.GetStringAsync(new Uri(scene.B.Address, "/who")));
        Assert.Equal(2, scene.B.Open);

        time.Advance(TimeSpan.FromSeconds(1));
        await Given.UntilAsync(() => scene.B.Open == 1, () => $"{scene.B.Open} connections are open");
        Assert.Equal("b", await client.GetStringAsync(new Uri(scene.B.Address, "/who")));
        Assert.Equal(3, scene.B.Opened);
        scene.B.Release();
        Assert.Equal("b", await waiting.WaitAsync(Given.Limit));

        time.Advance(TimeSpan.FromSeconds(1));
        await scene.B.ClosedAsync();
        Assert.Equal("a", await client.GetStringAsync(new Uri(scene.A.Address, "/who")));
        Assert.Equal(1, scene.A.Opened);
    }

    // However little time has passed: the machine may have been restarted.
    [Fact]
    public async Task A_move_leaves_these_connections_too()
    {
        await using Scene scene = await Scene.BeginAsync(Wire.Http1);
        using var given = new SocketsHttpHandler();
        using var client = new HttpClient(new ConnectionsHandler(scene.Group, given, () => SocketsHandlerCopy.Of(given), new FakeTimeProvider()));
        Assert.Equal("b", await client.GetStringAsync(new Uri(scene.B.Address, "/who")));

        await scene.SwitchToAsync(scene.B);
        Assert.Equal("a", await client.GetStringAsync(new Uri(scene.A.Address, "/who")));

        await scene.B.ClosedAsync();
        Assert.Equal(1, scene.A.Open);
    }

    [Fact]
    public async Task A_host_that_is_not_of_the_group_keeps_its_connection_however_the_address_is_written()
    {
        await using Scene scene = await Scene.BeginAsync(Wire.Http1);
        await using Backend other = await Backend.StartAsync("other", Wire.Http1);
        var time = new FakeTimeProvider();
        using var given = new SocketsHttpHandler();
        using var client = new HttpClient(new ConnectionsHandler(scene.Group, given, () => SocketsHandlerCopy.Of(given), time));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("other", await client.GetStringAsync(new Uri(other.Address, "/who")));
            Assert.Equal("a", await client.GetStringAsync(new Uri(new Uri(scene.A.Address, "/who").AbsoluteUri.Replace("http", "HTTP", StringComparison.Ordinal))));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((1, 1), (other.Opened, scene.A.Opened));
    }

    // They would not be closed before their idle timeout, a new one each second.
    [Fact]
    public async Task A_client_that_asks_for_pings_has_no_such_connections()
    {
        await using Scene scene = await Scene.BeginAsync(Wire.Http2);
        var time = new FakeTimeProvider();
        using var given = new SocketsHttpHandler { KeepAlivePingDelay = TimeSpan.FromMinutes(1) };
        using var client = new HttpClient(new ConnectionsHandler(scene.Group, given, () => SocketsHandlerCopy.Of(given), time))
        {
            DefaultRequestVersion = Wire.Http2.Version(),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("b", await client.GetStringAsync(new Uri(scene.B.Address, "/who")));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, scene.B.Opened);
    }

    [Fact]
    public async Task A_client_that_is_disposed_of_closes_them()
    {
        await using Scene scene = await Scene.BeginAsync(Wire.Http1);
        using var given = new SocketsHttpHandler();
        var handler = new ConnectionsHandler(scene.Group, given, () => SocketsHandlerCopy.Of(given), new FakeTimeProvider());
        using var client = new HttpClient(handler, disposeHandler: false);
        Assert.Equal("b", await client.GetStringAsync(new Uri(scene.B.Address, "/who")));
        Assert.Equal(1, scene.B.Open);

        handler.Dispose();

        await scene.B.ClosedAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.GetStringAsync(new Uri(scene.B.Address, "/who")));
    }

    /// <summary>Stands inside the group and holds what asks for <c>/late</c>.</summary>
    private sealed class HeldRequest : DelegatingHandler
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task Begun => _begun.Task;

        internal void Release() => _released.TrySetResult();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath == "/late")
            {
                _begun.TrySetResult();
                await _released.Task.WaitAsync(cancellationToken);
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}
