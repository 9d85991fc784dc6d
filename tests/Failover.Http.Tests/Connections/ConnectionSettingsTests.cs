using System.Net;
using Failover.Http.Tests.Protocols;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Refit;

namespace Failover.Http.Tests.Connections;

/// <summary>Which settings the connections of a client get, and which clients are told that they get none.</summary>
public sealed class ConnectionSettingsTests : IDisposable
{
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TwoMinutes = TimeSpan.FromMinutes(2);

    private readonly RawServer _server = new(async connection =>
    {
        while (await connection.ReadRequestAsync() is not null)
        {
            await connection.SendAsync(RawServer.Ok);
        }
    });

    private readonly FakeLogCollector _logs = new();

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("the factory's")]
    [InlineData("the factory's, which live longer")]
    [InlineData("the user's")]
    [InlineData("within another")]
    public async Task A_SocketsHttpHandler_gets_a_limit_for_connecting_and_a_lifetime_of_connections(string handler)
    {
        await using ServiceProvider services = Services(client => _ = handler switch
        {
            "the factory's, which live longer" => client.SetHandlerLifetime(TimeSpan.FromMinutes(9)),
            "the user's" => client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler()),
            "within another" => client.ConfigurePrimaryHttpMessageHandler(() => new Outer { InnerHandler = new Outer { InnerHandler = new SocketsHttpHandler() } }),
            _ => client,
        });

        SocketsHttpHandler transport = await UsedAsync(services);

        Assert.Equal((OneSecond, TwoMinutes), (transport.ConnectTimeout, transport.PooledConnectionLifetime));
        Assert.Empty(_logs.GetSnapshot());
    }

    [Fact]
    public async Task What_the_user_has_set_is_kept()
    {
        await using ServiceProvider services = Services(client => client.UseSocketsHttpHandler((handler, _) =>
        {
            handler.ConnectTimeout = TimeSpan.FromSeconds(3);
            handler.PooledConnectionLifetime = TimeSpan.FromMinutes(7);
            handler.MaxConnectionsPerServer = 5;
        }));

        SocketsHttpHandler transport = await UsedAsync(services);

        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(7), 5), (transport.ConnectTimeout, transport.PooledConnectionLifetime, transport.MaxConnectionsPerServer));
    }

    [Fact]
    public async Task Code_and_configuration_set_them()
    {
        await using ServiceProvider services = Services(
            configureGroup: group => group.Connections(connections => connections.PooledLifetime = TimeSpan.FromMinutes(4)),
            values: [new("Failover:Groups:orders:Connections:ConnectTimeout", "00:00:00.250")]);

        SocketsHttpHandler transport = await UsedAsync(services);

        Assert.Equal((TimeSpan.FromMilliseconds(250), TimeSpan.FromMinutes(4)), (transport.ConnectTimeout, transport.PooledConnectionLifetime));
    }

    [Fact]
    public async Task Connections_that_are_opened_after_a_switchover_follow_a_reload()
    {
        await using ServiceProvider services = Services();
        await UsedAsync(services);
        IConfiguration configuration = services.GetRequiredService<IConfiguration>();
        configuration["Failover:Groups:orders:Connections:ConnectTimeout"] = "00:00:02";
        ((IConfigurationRoot)configuration).Reload();
        FailoverGroup orders = services.GetRequiredService<FailoverGroups>()["orders"];
        await Given.UntilAsync(() => orders.Snapshot.Members.All(member => member.Verdict == Verdict.Healthy), () => "not both healthy");

        await orders.SwitchToAsync("localhost:" + _server.Address.Port, default);
        await Given.UntilAsync(() => orders.Snapshot.Active?.Address.Host == "localhost", () => $"{orders.Snapshot.Active}");

        Assert.Equal(TimeSpan.FromSeconds(2), (await UsedAsync(services)).ConnectTimeout);
    }

    [Fact]
    public async Task A_group_that_is_made_wholly_in_code_has_the_defaults()
    {
        var collection = new ServiceCollection();
        collection.AddFailover().AddGroup("orders", (_, group) => group.AddMember(_server.Address).UseProbe(new FakeProbe()));
        collection.AddHttpClient("orders").AddFailover("orders");
        await using ServiceProvider services = collection.BuildServiceProvider();

        SocketsHttpHandler transport = await UsedAsync(services);

        Assert.Equal((OneSecond, TwoMinutes), (transport.ConnectTimeout, transport.PooledConnectionLifetime));
    }

    [Theory]
    [InlineData("ConnectTimeout", "00:00:00.05", "Failover:Groups:orders:Connections:ConnectTimeout (00:00:00.050) must be from 00:00:00.100 to 00:10:00.")]
    [InlineData("ConnectTimeout", "1", "Failover:Groups:orders:Connections:ConnectTimeout (1) must be from 00:00:00.100 to 00:10:00; a plain number counts as days: write 00:00:01 for 1 seconds.")]
    [InlineData("PooledLifetime", "-00:00:00.001", "Failover:Groups:orders:Connections:PooledLifetime (-00:00:00.001) must be from 00:00:01 to 1.00:00:00.")]
    [InlineData("Lifetime", "00:01:00", "Failover:Groups:orders:Connections:Lifetime is not a known key; known below Connections: ConnectTimeout, PooledLifetime.")]
    public async Task What_is_not_allowed_is_refused_with_what_is(string key, string value, string problem)
    {
        await using ServiceProvider services = Services(values: [new("Failover:Groups:orders:Connections:" + key, value)]);

        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<FailoverGroups>()["orders"]);

        Assert.Equal(problem, Assert.Single(error.Failures));
    }

    [Theory]
    [InlineData("HttpClientHandler")]
    [InlineData("StubBackends")]
    [InlineData("Outer")]
    public async Task A_client_that_connects_by_other_means_is_told_once(string handler)
    {
        using var stub = new StubBackends();

        // One that another client has sent requests through, so that nothing can be put into it.
        using var inUse = new Outer { InnerHandler = new SocketsHttpHandler() };
        using var other = new HttpMessageInvoker(inUse, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, _server.Address);
        (await other.SendAsync(request, default)).Dispose();
        await using ServiceProvider services = Services(client => client
            .SetHandlerLifetime(OneSecond)
            .ConfigurePrimaryHttpMessageHandler(() => handler switch
            {
                "HttpClientHandler" => new HttpClientHandler(),
                "StubBackends" => stub,
                _ => inUse,
            }));
        IHttpMessageHandlerFactory factory = services.GetRequiredService<IHttpMessageHandlerFactory>();

        HttpMessageHandler first = factory.CreateHandler("orders");
        await Given.UntilAsync(() => factory.CreateHandler("orders") != first, () => "the factory keeps its handler");

        FakeLogRecord told = Assert.Single(_logs.GetSnapshot());
        Assert.Equal((LogLevel.Warning, 2010, "ConnectionsNotOurs", "Failover.Http.FailoverHandler"), (told.Level, told.Id.Id, told.Id.Name, told.Category));
        Assert.StartsWith($"Failover cannot look after the connections of the HTTP client 'orders' of group orders: they are opened by {handler}.", told.Message, StringComparison.Ordinal);
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        using HttpResponseMessage response = await client.GetAsync(new Uri("x", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Each_of_all_clients_is_told_of_once_with_its_name()
    {
        await using ServiceProvider services = Services(client => client.Services.ConfigureHttpClientDefaults(all => all.ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler()).AddFailover("orders")));
        IHttpMessageHandlerFactory factory = services.GetRequiredService<IHttpMessageHandlerFactory>();

        foreach (string name in new[] { "a", "b", "" })
        {
            factory.CreateHandler(name);
        }

        Assert.Equal(["a", "b", "(without a name)"], _logs.GetSnapshot().Select(log => log.StructuredState!.Single(pair => pair.Key == "Client").Value));
    }

    // Refit brings a handler of its own.
    [Theory]
    [InlineData(false, 2010)]
    [InlineData(true, null)]
    public async Task A_Refit_client_needs_the_cure_too(bool isCured, int? told)
    {
        string name = "";
        await using ServiceProvider services = Services(client =>
        {
            IHttpClientBuilder refit = client.Services.AddRefitGeneratedClient<IOrdersApi>().AddFailover("orders");
            name = (isCured ? refit.UseSocketsHttpHandler() : refit).Name;
        });

        services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(name);

        Assert.Equal(told, _logs.GetSnapshot().SingleOrDefault()?.Id.Id);
    }

    [Fact]
    public async Task The_cure_that_the_warning_names_is_one()
    {
        await using ServiceProvider services = Services(client => client.ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler()).UseSocketsHttpHandler());

        SocketsHttpHandler transport = await UsedAsync(services);

        Assert.Equal(OneSecond, transport.ConnectTimeout);
        Assert.Empty(_logs.GetSnapshot());
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_member_that_swallows_connections_gives_way_to_the_next_whatever_the_method(string method)
    {
        using var full = new FullListener();
        await using ServiceProvider services = Services(members: [full.Address, _server.Address]);
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        client.Timeout = Given.Limit;
        using var request = new HttpRequestMessage(new HttpMethod(method), "x");

        using HttpResponseMessage response = await client.SendAsync(request);

        Assert.Equal("ok", await response.Content.ReadAsStringAsync());
        Assert.Equal(1, _server.Requests);
    }

    /// <summary>Two members that are one and the same server, unless there are others.</summary>
    private ServiceProvider Services(Action<IHttpClientBuilder>? configureClient = null, Action<HttpGroupBuilder>? configureGroup = null, IEnumerable<KeyValuePair<string, string?>>? values = null, Uri[]? members = null)
    {
        members ??= [_server.Address, new UriBuilder(_server.Address) { Host = "localhost" }.Uri];
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(values ?? []).Build();
        var services = new ServiceCollection();
        services.AddSingleton(configuration);
        services.AddLogging(logging => logging.AddFilter<FakeLoggerProvider>((category, level) => category == "Failover.Http.FailoverHandler" && level >= LogLevel.Warning).AddProvider(new FakeLoggerProvider(_logs)));
        services.AddFailover(configuration.GetSection("Failover")).AddHttpGroup("orders", group =>
        {
            group.Primary(members[0].AbsoluteUri).Secondary(members[1].AbsoluteUri).UseProbeHandler(_ => new StubBackends());
            configureGroup?.Invoke(group);
        });
        configureClient?.Invoke(services.AddHttpClient("orders").AddFailover("orders"));
        if (configureClient is null)
        {
            services.AddHttpClient("orders").AddFailover("orders");
        }

        return services.BuildServiceProvider();
    }

    /// <summary>What opens the connections of the client, after a request.</summary>
    private static async Task<SocketsHttpHandler> UsedAsync(IServiceProvider services)
    {
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        Assert.Equal("ok", await client.GetStringAsync(new Uri("x", UriKind.Relative)));
        return Scene.TransportOf(services);
    }

    private sealed class Outer : DelegatingHandler;
}
