using System.Net.Sockets;
using Failover.DnsSwitching.Following;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.DnsSwitching.Tests.Following;

/// <summary>The connections of HTTP clients, with a resolver of the test's and a real server.</summary>
public sealed class FollowingHandlerTests : IAsyncLifetime
{
    private const string Name = "shop.example.test";

    private readonly FakeLogger _logger = new();
    private readonly FakeLoggerProvider _logs = new();
    private readonly DnsFollowerOptions _options = new();
    private readonly DnsFollower _follower;
    private WebServers? _web;

    public FollowingHandlerTests() =>
        _follower = new(() => _options, TimeProvider.System, _logger, static () => 0, static name => new FakeLookup { Answer = () => name == Name ? [WebServers.Old] : [], TimeToLive = TimeSpan.FromMinutes(1) });

    public async Task InitializeAsync() => _web = await WebServers.StartAsync();

    public async Task DisposeAsync()
    {
        await _follower.DisposeAsync();
        await _web!.DisposeAsync();
        _logs.Dispose();
    }

    [Fact]
    public async Task Many_moves_with_requests_on_their_way_cut_none_and_leave_no_pool()
    {
        await using ServiceProvider services = Services(static _ => { }, static client => { });
        using HttpClient client = Client(services);
        List<Task<string>> slow = [];
        for (int move = 0; move < 10; move++)
        {
            slow.Add(client.GetStringAsync(Address("/slow")));
            Assert.Equal(WebServers.Old, await client.GetStringAsync(Address("/")));
            await Handler(services).MoveAsync(new(Name, [], []), CancellationToken.None);
            Assert.Equal(0, Handler(services).Pools!.Draining);
        }

        _web!.AnswerSlow();
        Assert.All(await Task.WhenAll(slow).WaitAsync(TimeSpan.FromSeconds(30)), static answer => Assert.Equal(WebServers.Old, answer));
        Assert.Equal([Name], Handler(services).Names);
    }

    [Fact]
    public async Task Connections_to_other_names_and_to_addresses_stay()
    {
        await using ServiceProvider services = Services(static _ => { }, static client => { });
        using HttpClient client = Client(services);
        await client.GetStringAsync(Address("/"));
        await client.GetStringAsync(new Uri($"http://127.0.0.1:{_web!.Port}/"));
        int connects = Connects;

        await Handler(services).MoveAsync(new("other.example.test", [], []), CancellationToken.None);
        await client.GetStringAsync(Address("/"));
        await client.GetStringAsync(new Uri($"http://127.0.0.1:{_web.Port}/"));
        Assert.Equal(connects, Connects);

        await Handler(services).MoveAsync(new(Name, [], []), CancellationToken.None);
        await client.GetStringAsync(Address("/"));
        await client.GetStringAsync(new Uri($"http://127.0.0.1:{_web.Port}/"));
        Assert.Equal(connects + 1, Connects);
    }

    [Fact]
    public async Task A_connect_callback_of_the_users_is_kept_and_the_name_is_followed_all_the_same()
    {
        int called = 0;
        await using ServiceProvider services = Services(static _ => { }, client => client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            ConnectCallback = async (context, token) =>
            {
                called++;
                Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(WebServers.New, context.DnsEndPoint.Port, token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        }));
        using HttpClient client = Client(services);

        Assert.Equal(WebServers.New, await client.GetStringAsync(Address("/")));
        await Handler(services).MoveAsync(new(Name, [], []), CancellationToken.None);
        Assert.Equal(WebServers.New, await client.GetStringAsync(Address("/")));
        Assert.Equal((2, 1), (called, _follower.Names));
    }

    [Fact]
    public async Task A_client_whose_connections_are_opened_by_something_else_is_told_so()
    {
        await using ServiceProvider services = Services(logging => logging.AddProvider(_logs), static client => client.ConfigurePrimaryHttpMessageHandler(static () => new HttpClientHandler()));
        using HttpClient client = Client(services);

        FakeLogRecord told = Assert.Single(_logs.Collector.GetSnapshot(), static record => record.Id.Id == 12107);
        Assert.Contains("'x'", told.Message, StringComparison.Ordinal);
        Assert.Contains("HttpClientHandler", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Followed_twice_is_followed_once()
    {
        await using ServiceProvider services = Services(static _ => { }, static client => client.FollowDns().FollowDns());
        using HttpClient client = Client(services);
        await client.GetStringAsync(Address("/"));

        Assert.IsNotType<FollowingHandler>(Handler(services).InnerHandler);
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_told_as_the_system_tells_it()
    {
        await using ServiceProvider services = Services(static _ => { }, static client => { });
        using HttpClient client = Client(services);

        HttpRequestException failure = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(new Uri("http://unheard.example.invalid/")));
        Assert.Equal(HttpRequestError.NameResolutionError, failure.HttpRequestError);
    }

    private int Connects { get; set; }

    private Uri Address(string path) => new($"http://{Name}:{_web!.Port}{path}");

    private ServiceProvider Services(Action<ILoggingBuilder> logging, Action<IHttpClientBuilder> configure)
    {
        ServiceCollection services = new();
        services.AddLogging(logging);
        IHttpClientBuilder client = services.AddHttpClient("x").UseSocketsHttpHandler((handler, _) => handler.PlaintextStreamFilter = (context, _) =>
        {
            Connects++;
            return ValueTask.FromResult(context.PlaintextStream);
        });
        configure(client);
        client.FollowDns();
        services.AddSingleton(_follower);
        return services.BuildServiceProvider();
    }

    private static HttpClient Client(ServiceProvider services) => services.GetRequiredService<IHttpClientFactory>().CreateClient("x");

    private static FollowingHandler Handler(ServiceProvider services)
    {
        HttpMessageHandler? handler = services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("x");
        while (handler is DelegatingHandler outer and not FollowingHandler)
        {
            handler = outer.InnerHandler;
        }

        return Assert.IsType<FollowingHandler>(handler);
    }
}
