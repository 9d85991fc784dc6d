using System.Net;
using System.Net.Sockets;
using Failover.DnsSwitching.Following;
using Failover.TestServers.Dns;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Failover.DnsSwitching.Tests.Following;

/// <summary>Busy HTTP clients, a real name at a real BIND, and two real servers. The name moves; the server that it leaves lives on.</summary>
public sealed class FollowedHttpTests(ITestOutputHelper output)
{
    [NameServerFact]
    public async Task A_busy_client_moves_with_the_name_and_loses_no_request_where_one_by_default_never_does()
    {
        await using WebServers web = await WebServers.StartAsync();
        await using OnBind bind = await OnBind.StartAsync(WebServers.Old);
        await using ServiceProvider services = Services(bind, static (services, _) => services.AddHttpClient("x").FollowDns(), web);
        Uri address = new($"http://{bind.Name}:{web.Port}/");
        using HttpClient ordinary = new(new SocketsHttpHandler { ConnectCallback = (context, token) => ConnectAsync(bind, context, token) });
        HttpClient following = services.GetRequiredService<IHttpClientFactory>().CreateClient("x");

        Counts byDefault = new(ordinary, address), followed = new(following, address);
        await SendAsync(20, byDefault, followed);
        Task<string> slow = following.GetStringAsync(new Uri(address, "/slow"));
        await SendAsync(20, byDefault, followed);
        Assert.Equal((0, 0), (byDefault.New, followed.New));

        await bind.MoveAsync(WebServers.New);
        await OnBind.UntilAsync(async () =>
        {
            await SendAsync(1, byDefault, followed);
            return followed.New > 0;
        }, "the client that follows is on the other server");
        int before = followed.Old;
        await SendAsync(100, byDefault, followed);
        web.AnswerSlow();

        output.WriteLine($"by default: {byDefault}; following: {followed}");
        Assert.Equal(WebServers.Old, await slow.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal((0, 0), (byDefault.New, byDefault.Failed));
        Assert.Equal((before, 101, 0), (followed.Old, followed.New, followed.Failed));

        // DNS goes away, and so does the connection: the last good address is enough.
        await bind.Server.KillAsync();
        using HttpRequestMessage last = new(HttpMethod.Get, address);
        last.Headers.ConnectionClose = true;
        await following.SendAsync(last);
        await SendAsync(10, followed);
        Assert.Equal((111, 0), (followed.New, followed.Failed));
    }

    [NameServerFact]
    public async Task A_request_that_finds_its_server_dead_goes_where_the_name_leads_by_now_though_the_TTL_has_not_ended()
    {
        await using WebServers web = await WebServers.StartAsync();
        await using OnBind bind = await OnBind.StartAsync(WebServers.Old);
        await bind.Server.UpdateAsync($"delete {bind.Name} A", $"add {bind.Name} 3600 A {WebServers.Old}");
        await using ServiceProvider services = Services(bind, static (services, _) => services.AddHttpClient("x").FollowDns(), web, static options => options.MaxInterval = TimeSpan.FromHours(1));
        Counts followed = new(services.GetRequiredService<IHttpClientFactory>().CreateClient("x"), new($"http://{bind.Name}:{web.Port}/"));
        await SendAsync(5, followed);
        await OnBind.UntilAsync(() => Task.FromResult(LookedLongAgo(services, bind)), "the last look is older than a second");

        await bind.MoveAsync(WebServers.New);
        await web.StopAsync(WebServers.Old);
        await SendAsync(20, followed);

        output.WriteLine($"following: {followed}");
        Assert.Equal((5, 20, 0), (followed.Old, followed.New, followed.Failed));
    }

    [NameServerFact]
    public async Task A_client_of_a_failover_group_moves_in_whichever_order_both_were_added()
    {
        await using WebServers web = await WebServers.StartAsync();
        await using OnBind bind = await OnBind.StartAsync(WebServers.Old);
        await using ServiceProvider services = Services(bind, static (services, address) =>
        {
            services.AddFailover().AddHttpGroup("site", group => group.Primary(address).UseProbeHandler(static _ => new AlwaysOk()));
            services.AddHttpClient("one").AddFailover("site").FollowDns();
            services.AddHttpClient("other").FollowDns().AddFailover("site");
        }, web);
        IHttpClientFactory factory = services.GetRequiredService<IHttpClientFactory>();
        Uri address = new($"http://{bind.Name}:{web.Port}/");
        Counts one = new(factory.CreateClient("one"), address), other = new(factory.CreateClient("other"), address);
        await SendAsync(10, one, other);

        await bind.MoveAsync(WebServers.New);
        await OnBind.UntilAsync(async () =>
        {
            await SendAsync(1, one, other);
            return one.New > 0 && other.New > 0;
        }, "both clients are on the other server");
        (int, int) before = (one.Old, other.Old);
        await SendAsync(20, one, other);

        output.WriteLine($"one: {one}; other: {other}");
        Assert.Equal(before, (one.Old, other.Old));
        Assert.Equal((0, 0), (one.Failed, other.Failed));
    }

    private static ServiceProvider Services(OnBind bind, Action<IServiceCollection, string> add, WebServers web, Action<DnsFollowerOptions>? configure = null)
    {
        ServiceCollection services = new();
        services.AddFailover().AddDnsFollower(bind.Follow);
        if (configure is not null)
        {
            services.Configure(configure);
        }

        add(services, $"http://{bind.Name}:{web.Port}");
        return services.BuildServiceProvider();
    }

    private static bool LookedLongAgo(ServiceProvider services, OnBind bind) =>
        services.GetRequiredService<DnsFollower>().AgeOf(bind.Name) > TimeSpan.FromSeconds(1);

    private static async Task SendAsync(int times, params Counts[] clients)
    {
        for (int time = 0; time < times; time++)
        {
            foreach (Counts client in clients)
            {
                await client.SendAsync();
            }
        }
    }

    /// <summary>What a client without a follower does, if BIND were its system's resolver.</summary>
    private static async ValueTask<Stream> ConnectAsync(OnBind bind, SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        string address = (await bind.Server.DigAsync(context.DnsEndPoint.Host, "A"))[0];
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Parse(address), context.DnsEndPoint.Port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private sealed class Counts(HttpClient client, Uri address)
    {
        internal int Old { get; private set; }

        internal int New { get; private set; }

        internal int Failed { get; private set; }

        /// <summary>How the last one failed.</summary>
        private Exception? Why { get; set; }

        internal async Task SendAsync()
        {
            try
            {
                string from = await client.GetStringAsync(address);
                (Old, New) = from == WebServers.Old ? (Old + 1, New) : (Old, New + 1);
            }
            catch (HttpRequestException failed)
            {
                (Failed, Why) = (Failed + 1, failed);
            }
        }

        public override string ToString() => $"{Old} requests on the old server, {New} on the new one, {Failed} failed {Why}";
    }

    private sealed class AlwaysOk : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
    }
}
