using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Refit;

namespace Failover.Http.Tests.Protocols;

/// <summary>The kinds of clients that stand on <c>IHttpClientFactory</c>, against real servers.</summary>
public sealed class ClientKindsTests : IAsyncLifetime
{
    private KestrelBackend _a = null!;
    private KestrelBackend _b = null!;

    public async Task InitializeAsync()
    {
        _a = await KestrelBackend.StartAsync(HttpProtocols.Http1);
        _b = await KestrelBackend.StartAsync(HttpProtocols.Http1);
    }

    public async Task DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Fact]
    public async Task A_typed_client_goes_to_the_next_member()
    {
        await using ServiceProvider services = Services(collection => collection.AddHttpClient<TypedClient>().AddFailover("orders"));
        _a.Instead = Unavailable;

        Assert.Equal("ok", await services.GetRequiredService<TypedClient>().GetAsync());
        Assert.Contains("/work", _a.Requests.Select(asked => asked.PathAndQuery));
    }

    [Fact]
    public async Task Refit_goes_to_the_next_member()
    {
        await using ServiceProvider services = Services(collection => collection.AddRefitGeneratedClient<IOrdersApi>().AddFailover("orders"));
        IOrdersApi orders = services.GetRequiredService<IOrdersApi>();
        _a.Instead = Unavailable;

        Assert.Equal("ok", await orders.GetAsync("1"));
        var refused = await Assert.ThrowsAsync<ApiException>(() => orders.PostAsync("2"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("/orders/1", _b.Requests.Select(asked => asked.PathAndQuery));
        Assert.DoesNotContain("POST", _b.Requests.Select(asked => asked.Method));
    }

    [Fact]
    public async Task The_state_outlives_the_handlers()
    {
        await using ServiceProvider services = Services(collection => collection
            .AddHttpClient("orders").AddFailover("orders").SetHandlerLifetime(TimeSpan.FromSeconds(1)));
        FailoverGroup group = services.GetRequiredService<FailoverGroups>()["orders"];
        IHttpClientFactory factory = services.GetRequiredService<IHttpClientFactory>();
        await Given.UntilAsync(() => group.Snapshot.Members.All(member => member.Verdict == Verdict.Healthy), () => "not healthy");
        await group.SwitchToAsync(_b.Address.Authority, default);
        await factory.CreateClient("orders").GetStringAsync(new Uri("one", UriKind.Relative));

        // Longer than a handler lives.
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        await factory.CreateClient("orders").GetStringAsync(new Uri("two", UriKind.Relative));

        string[] work = ["/one", "/two"];
        Assert.Equal(work, _b.Requests.Select(asked => asked.PathAndQuery).Where(path => path != "/health"));
        Assert.DoesNotContain(_a.Requests, asked => work.Contains(asked.PathAndQuery));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_gRPC_client_goes_to_the_next_member(bool withAddress)
    {
        await using KestrelBackend a = await KestrelBackend.StartAsync(HttpProtocols.Http2, map: app => app.MapGrpcService<OrdersService>());
        await using KestrelBackend b = await KestrelBackend.StartAsync(HttpProtocols.Http2, map: app => app.MapGrpcService<OrdersService>());
        var collection = new ServiceCollection();
        collection.AddFailover().AddHttpGroup("orders", group => group
            .Primary(a.Address.AbsoluteUri)
            .Secondary(b.Address.AbsoluteUri)
            .Probe(probe => probe.HttpVersion = "2.0")
            .Configure(Given.Quick));
        collection.AddGrpcClient<Orders.OrdersClient>(client => client.Address = withAddress ? a.Address : null).AddFailover("orders");
        await using ServiceProvider services = collection.BuildServiceProvider();
        Orders.OrdersClient orders = services.GetRequiredService<Orders.OrdersClient>();
        FailoverGroup group = services.GetRequiredService<FailoverGroups>()["orders"];
        await Given.ActiveAsync(group, a.Address.Authority);

        Receipt first = await orders.PlaceAsync(new Order { Id = "1" });
        await a.StopAsync();

        // Before, the call may still be written into the connection that was just closed: then nobody knows what became of it.
        await Given.ActiveAsync(group, b.Address.Authority);
        Receipt second = await orders.PlaceAsync(new Order { Id = "2" });
        using AsyncServerStreamingCall<Receipt> watch = orders.Watch(new Order { Id = "3" });
        List<Receipt> receipts = [];
        await foreach (Receipt receipt in watch.ResponseStream.ReadAllAsync())
        {
            receipts.Add(receipt);
        }

        Assert.Equal(("1", $"{a.Address.Port}"), (first.Id, first.Backend));
        Assert.Equal(("2", $"{b.Address.Port}"), (second.Id, second.Backend));
        Assert.Equal(["3", "3"], receipts.Select(receipt => receipt.Id));
    }

    private static Task Unavailable(HttpContext context)
    {
        context.Response.StatusCode = context.Request.Path == "/health" ? 200 : 503;
        return Task.CompletedTask;
    }

    private ServiceProvider Services(Action<IServiceCollection> addClient)
    {
        var services = new ServiceCollection();
        services.AddFailover().AddHttpGroup("orders", group => group
            .Primary(_a.Address.AbsoluteUri)
            .Secondary(_b.Address.AbsoluteUri)
            .Configure(Given.Quick));
        addClient(services);
        return services.BuildServiceProvider();
    }

    private sealed class TypedClient(HttpClient client)
    {
        internal Task<string> GetAsync() => client.GetStringAsync(new Uri("work", UriKind.Relative));
    }

    private sealed class OrdersService : Orders.OrdersBase
    {
        public override Task<Receipt> Place(Order request, ServerCallContext context) => Task.FromResult(Answer(request, context));

        public override async Task Watch(Order request, IServerStreamWriter<Receipt> responseStream, ServerCallContext context)
        {
            await responseStream.WriteAsync(Answer(request, context));
            await responseStream.WriteAsync(Answer(request, context));
        }

        private static Receipt Answer(Order request, ServerCallContext context) =>
            new() { Id = request.Id, Backend = $"{context.GetHttpContext().Connection.LocalPort}" };
    }
}
