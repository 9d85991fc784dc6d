using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;

namespace Failover.Http.Tests.Docs;

/// <summary>The code of docs/http.md.</summary>
public class HttpPageTests
{
    [Fact]
    public async Task A_group_in_code()
    {
        var builder = new { Services = new ServiceCollection() };

        #region docs:code
        builder.Services.AddFailover()
            .AddHttpGroup("orders", group => group
                .Primary("https://orders-a.example.com")
                .Secondary("https://orders-b.example.com"));

        builder.Services.AddHttpClient("orders").AddFailover("orders");
        #endregion

        await using ServiceProvider services = builder.Services.BuildServiceProvider();
        Assert.Equal(new Uri("https://orders-a.example.com"), services.GetRequiredService<IHttpClientFactory>().CreateClient("orders").BaseAddress);
    }

    [Fact]
    public async Task A_group_in_configuration()
    {
        var builder = new
        {
            Services = new ServiceCollection(),
            Configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Failover:Groups:orders:Kind"] = "Http",
                ["Failover:Groups:orders:Members:0"] = "https://orders-a.example.com",
                ["Failover:Groups:orders:Members:1:Name"] = "spare",
                ["Failover:Groups:orders:Members:1:Address"] = "https://dr.example.com/orders-b",
                ["Failover:Groups:orders:Probe:Path"] = "/health/ready",
            }).Build(),
        };

        #region docs:configuration
        builder.Services.AddFailover(builder.Configuration.GetSection("Failover")).AddHttp();
        builder.Services.AddHttpClient<OrdersClient>().AddFailover("orders");
        #endregion

        await using ServiceProvider services = builder.Services.BuildServiceProvider();
        Assert.NotNull(services.GetRequiredService<OrdersClient>());
        Assert.Equal(["orders-a.example.com", "spare"], services.GetRequiredService<FailoverGroups>()["orders"].Snapshot.Members.Select(member => member.Member.Name));
    }

    [Fact]
    public async Task A_client_without_a_container()
    {
        #region docs:no-container
        await using FailoverGroup group = new FailoverGroupBuilder("orders")
            .AddMember(new Uri("https://orders-a.example.com"))
            .AddMember(new Uri("https://orders-b.example.com"))
            .UseHttpProbe(new HttpProbeOptions { Path = "/health" })
            .Build();

        using var client = new HttpClient(new FailoverHandler(group)
        {
            InnerHandler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(1), PooledConnectionLifetime = TimeSpan.FromMinutes(2) },
        })
        {
            BaseAddress = new Uri("https://orders-a.example.com"),
        };
        #endregion

        Assert.Equal("http", group.Kind);
        Assert.NotNull(client);
    }

    [Fact]
    public async Task A_probe_with_a_client_certificate()
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(Protocols.KestrelBackend.SelfSigned().Export(X509ContentType.Pkcs12), null);
        var builder = new { Services = new ServiceCollection() };

        #region docs:probe-handler
        builder.Services.AddFailover()
            .AddHttpGroup("orders", group => group
                .Primary("https://orders-a.example.com")
                .Probe(probe => probe.Path = "/health/ready")
                .UseProbeHandler(_ => new SocketsHttpHandler
                {
                    AllowAutoRedirect = false,
                    SslOptions = { ClientCertificates = [certificate] },
                }));
        #endregion

        await using ServiceProvider services = builder.Services.BuildServiceProvider();
        Assert.Single(services.GetRequiredService<FailoverGroups>()["orders"].Snapshot.Members);
    }

    [Fact]
    public async Task A_client_with_a_resilience_handler()
    {
        var builder = new { Services = new ServiceCollection() };
        builder.Services.AddFailover().AddHttpGroup("orders", group => group.Primary("https://orders-a.example.com").Secondary("https://orders-b.example.com"));

        #region docs:resilience
        IHttpClientBuilder orders = builder.Services.AddHttpClient("orders");
        orders.AddStandardResilienceHandler(options => options.Retry.DisableForUnsafeHttpMethods());
        orders.AddFailover("orders");                         // after it: inside it
        #endregion

        await using ServiceProvider services = builder.Services.BuildServiceProvider();
        HttpMessageHandler? handler = services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("orders");
        List<string> order = [];
        for (; handler is DelegatingHandler delegating; handler = delegating.InnerHandler)
        {
            order.Add(handler.GetType().Name);
        }

        Assert.Equal(["ResilienceHandler", "FailoverHandler"], order.Intersect(["FailoverHandler", "ResilienceHandler"]));
    }

    private sealed class OrdersClient(HttpClient client)
    {
        internal HttpClient Client { get; } = client;
    }
}
