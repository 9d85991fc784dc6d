using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Failover.Http.Tests.Protocols.Survival;
using Microsoft.Extensions.DependencyInjection;

namespace Failover.Http.Tests.Connections;

/// <summary>What else hangs on the handler that a client was given.</summary>
public class SharedHandlerTests
{
    [Fact]
    public async Task A_handler_that_clients_share_goes_on_working_for_the_others()
    {
        using var shared = new SocketsHttpHandler();
        using var other = new HttpClient(shared, disposeHandler: false);
        await using Scene scene = await Scene.BeginAsync(Wire.Http1, client => client.ConfigurePrimaryHttpMessageHandler(() => shared));
        Assert.Equal("a", await other.GetStringAsync(new Uri(scene.A.Address, "/who")));
        Assert.Equal("a", await scene.GetAsync("/who"));

        await scene.SwitchToAsync(scene.B);
        Assert.Equal("b", await scene.GetAsync("/who"));
        await Given.UntilAsync(() => scene.A.Open == 1, () => $"{scene.A.Open} connections are open");

        Assert.Equal("a", await other.GetStringAsync(new Uri(scene.A.Address, "/who")));
        Assert.Equal(2, scene.A.Opened);
        Assert.Equal(Timeout.InfiniteTimeSpan, shared.ConnectTimeout);
    }

    [Fact]
    public async Task Cookies_outlive_the_connections()
    {
        await using Scene scene = await Scene.BeginAsync(Wire.Http1);
        scene.A.Cookie = "basket=17";
        Assert.Equal("a", await scene.GetAsync("/who"));

        await scene.SwitchToAsync(scene.B);
        Assert.Equal("b", await scene.GetAsync("/who"));

        Assert.Equal("basket=17", scene.B.LastCookie);
    }

    [Fact]
    public async Task A_callback_of_the_users_opens_the_connections_and_sees_each()
    {
        var ports = new List<int>();
        await using Scene scene = await Scene.BeginAsync(Wire.Http1, client => client.UseSocketsHttpHandler((handler, _) => handler.ConnectCallback = async (context, cancellationToken) =>
        {
            ports.Add(context.DnsEndPoint.Port);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new StreamThatThrows(socket);
        }));
        Assert.Equal("a", await scene.GetAsync("/who"));

        await scene.SwitchToAsync(scene.B);
        Assert.Equal("b", await scene.GetAsync("/who"));
        await scene.A.ClosedAsync();

        Assert.Equal([scene.A.Address.Port, scene.B.Address.Port], ports);
    }

    [Fact]
    public async Task The_metrics_of_the_connections_go_to_the_meters_of_the_container()
    {
        await using Scene scene = await Scene.BeginAsync(Wire.Http1);
        Assert.Equal("a", await scene.GetAsync("/who"));

        Assert.Same(scene.Services.GetRequiredService<IMeterFactory>(), scene.Transport.MeterFactory);
    }

    /// <summary>It closes its connection, and then throws.</summary>
    private sealed class StreamThatThrows(Socket socket) : NetworkStream(socket, ownsSocket: true)
    {
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing)
            {
                throw new InvalidOperationException("This stream cannot be closed in peace.");
            }
        }
    }
}
