using Microsoft.Extensions.DependencyInjection;

namespace Failover.Http.Tests.Neighbours;

/// <summary>A client with a group, twice.</summary>
public class TwiceTests
{
    private readonly StubBackends _backends = new StubBackends().Does("a", "503");

    [Fact]
    public async Task The_same_group_twice_counts_once()
    {
        await using ServiceProvider services = Services(collection => Client(collection).AddFailover("orders").AddFailover("ORDERS"));

        await AssertCountsOnceAsync(services);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_same_group_for_all_clients_and_for_one_counts_once(bool allFirst)
    {
        await using ServiceProvider services = Services(collection =>
        {
            Action[] steps = [() => collection.ConfigureHttpClientDefaults(all => all.AddFailover("orders")), () => Client(collection).AddFailover("orders")];
            foreach (Action step in allFirst ? steps : steps.Reverse())
            {
                step();
            }
        });

        await AssertCountsOnceAsync(services);
    }

    [Fact]
    public void Two_groups_of_one_client_are_refused_with_both_named()
    {
        var collection = new ServiceCollection();

        var error = Assert.Throws<InvalidOperationException>(() => collection.AddHttpClient("orders").AddFailover("orders").AddFailover("payments"));

        Assert.Equal("The HTTP client 'orders' has two failover groups, orders and payments: give it one, and another client for the other. What ConfigureHttpClientDefaults adds, every client has.", error.Message);
    }

    [Fact]
    public async Task One_group_for_all_clients_and_another_for_one_are_refused_when_it_is_made()
    {
        await using ServiceProvider services = Services(collection =>
        {
            collection.ConfigureHttpClientDefaults(all => all.AddFailover("orders"));
            Client(collection).AddFailover("payments");
        });

        var error = Assert.Throws<InvalidOperationException>(() => services.GetRequiredService<IHttpClientFactory>().CreateClient("client"));

        Assert.Equal("The HTTP client 'client' has two failover groups, orders and payments: give it one, and another client for the other. What ConfigureHttpClientDefaults adds, every client has.", error.Message);
    }

    [Fact]
    public async Task Clients_of_two_groups_stand_beside_each_other()
    {
        await using ServiceProvider services = Services(collection =>
        {
            Client(collection).AddFailover("orders");
            collection.AddHttpClient("other").AddFailover("payments");
        });

        Assert.Equal(new Uri("https://a"), services.GetRequiredService<IHttpClientFactory>().CreateClient("client").BaseAddress);
        Assert.Equal(new Uri("https://c"), services.GetRequiredService<IHttpClientFactory>().CreateClient("other").BaseAddress);
    }

    [Fact]
    public async Task Two_handlers_of_one_group_in_a_chain_are_refused_before_anything_is_sent()
    {
        await using FailoverGroup group = Given.Group(new FakeProbe(), "https://a", "https://b");
        using var client = new HttpClient(new FailoverHandler(group) { InnerHandler = new Between { InnerHandler = new FailoverHandler(group) { InnerHandler = _backends } } });

        for (int i = 0; i < 2; i++)
        {
            var error = await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetAsync(new Uri("https://a/x")));
            Assert.Equal("Two FailoverHandlers of the group orders stand in one chain: take one away.", error.Message);
        }

        Assert.Empty(_backends.Asked);
    }

    [Fact]
    public async Task Handlers_of_two_groups_in_a_chain_each_serve_their_own()
    {
        await using FailoverGroup orders = Given.Group(new FakeProbe(), "https://a", "https://b");
        await using FailoverGroup payments = Given.Group(new FakeProbe(), "https://c", "https://d");
        _backends.Does("c", "refused");
        using var client = new HttpClient(new FailoverHandler(orders) { InnerHandler = new FailoverHandler(payments) { InnerHandler = _backends } });

        using HttpResponseMessage order = await client.GetAsync(new Uri("https://a/x"));
        using HttpResponseMessage payment = await client.GetAsync(new Uri("https://c/y"));

        Assert.Equal(["GET https://a/x", "GET https://b/x", "GET https://c/y", "GET https://d/y"], _backends.Asked);
    }

    private async Task AssertCountsOnceAsync(ServiceProvider services)
    {
        using HttpResponseMessage response = await services.GetRequiredService<IHttpClientFactory>().CreateClient("client").GetAsync(new Uri("x", UriKind.Relative));

        Assert.Equal(["GET https://a/x", "GET https://b/x"], _backends.Asked);
        Assert.Equal((0, 1, 0, 0), Given.Told(services.GetRequiredService<FailoverGroups>()["orders"], 0));
        Assert.Equal((1, 0, 0, 0), Given.Told(services.GetRequiredService<FailoverGroups>()["orders"], 1));
    }

    private IHttpClientBuilder Client(IServiceCollection collection) => collection.AddHttpClient("client").ConfigurePrimaryHttpMessageHandler(() => _backends);

    private static ServiceProvider Services(Action<IServiceCollection> add)
    {
        var collection = new ServiceCollection();
        collection.AddFailover()
            .AddGroup("orders", (_, group) => group.AddMember(new Uri("https://a")).AddMember(new Uri("https://b")).UseProbe(new FakeProbe()))
            .AddGroup("payments", (_, group) => group.AddMember(new Uri("https://c")).UseProbe(new FakeProbe()));
        add(collection);
        return collection.BuildServiceProvider();
    }

    private sealed class Between : DelegatingHandler;
}
