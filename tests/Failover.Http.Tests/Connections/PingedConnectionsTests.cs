using System.Net;
using Failover.Http.Tests.Protocols.Survival;
using Failover.TestServers.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Failover.Http.Tests.Connections;

/// <summary>Clients that ask for HTTP/2 pings keep them for what is in flight on a member that was left.</summary>
public class PingedConnectionsTests
{
    [Fact]
    public async Task Idle_connections_that_are_pinged_are_closed_when_they_were_idle_for_as_long_as_the_user_says()
    {
        await using Scene scene = await Scene.BeginAsync(Wire.Http2, client => client.UseSocketsHttpHandler((handler, _) =>
        {
            Ping(handler);
            handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1);
        }));
        Assert.Equal("a", await scene.GetAsync("/who"));

        await scene.SwitchToAsync(scene.B);
        Assert.Equal("b", await scene.GetAsync("/who"));

        await scene.A.ClosedAsync();
    }

    // The pool of connections of a SocketsHttpHandler that is disposed of sends no pings: the stream would hang for ever.
    [Fact]
    public async Task A_stream_of_a_member_that_falls_silent_is_ended_by_pings_though_the_member_was_left()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        BackendProcess[] backends = await Task.WhenAll(BackendProcess.StartAsync("a", "Http2"), BackendProcess.StartAsync("b", "Http2"));
        await using BackendProcess a = backends[0];
        await using BackendProcess b = backends[1];
        var services = new ServiceCollection();
        services.AddFailover().AddHttpGroup("orders", group => group.Primary(a.Address.AbsoluteUri).Secondary(b.Address.AbsoluteUri).UseProbeHandler(_ => new StubBackends()));
        services.AddHttpClient("orders", client =>
            {
                client.DefaultRequestVersion = HttpVersion.Version20;
                client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
            })
            .AddFailover("orders")
            .UseSocketsHttpHandler((handler, _) => Ping(handler));
        await using ServiceProvider container = services.BuildServiceProvider();
        FailoverGroup orders = container.GetRequiredService<FailoverGroups>()["orders"];
        using HttpClient client = container.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        await Given.UntilAsync(() => orders.Snapshot.Members.All(member => member.Verdict == Verdict.Healthy), () => "not both healthy");
        using HttpResponseMessage stream = await client.GetAsync(new Uri("stream", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync());
        Assert.Equal("0", await lines.ReadLineAsync());

        await orders.SwitchToAsync(b.Address.Authority, default);
        Assert.Equal("b", await client.GetStringAsync(new Uri("work", UriKind.Relative)));
        a.Freeze();
        try
        {
            Exception? error = await Record.ExceptionAsync(() => lines.ReadToEndAsync().WaitAsync(Given.Limit));

            Assert.IsAssignableFrom<IOException>(error);
        }
        finally
        {
            a.Thaw();
        }
    }

    private static void Ping(SocketsHttpHandler handler)
    {
        handler.KeepAlivePingDelay = TimeSpan.FromSeconds(1);
        handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(1);
    }
}
