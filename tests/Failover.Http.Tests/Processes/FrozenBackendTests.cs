using Failover.TestServers.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Failover.Http.Tests.Processes;

/// <summary>A real process that is stopped with SIGSTOP: it takes connections, and answers nothing. Whoever waits for it is answered by the other, long before his own deadline. All settings are the defaults.</summary>
public sealed class FrozenBackendTests(BackendPair backends) : IClassFixture<BackendPair>, IAsyncLifetime
{
    private readonly BackendProcess _a = backends.A;
    private readonly BackendProcess _b = backends.B;

    public Task InitializeAsync() => backends.MendAsync();

    public Task DisposeAsync()
    {
        if (!OperatingSystem.IsWindows())
        {
            _a.Thaw();
        }

        return Task.CompletedTask;
    }

    // The request starts the group: of nobody anything is known yet.
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public async Task Requests_that_wait_while_the_group_is_starting_are_answered_by_the_other(int requests)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _a.Freeze();
        await using ServiceProvider services = Services();
        HttpClient client = Client(services);

        Task<string>[] waiting = [.. Enumerable.Range(0, requests).Select(_ => client.GetStringAsync(new Uri("work", UriKind.Relative)))];

        Assert.Equal(GroupCondition.Starting, Group(services).Snapshot.Condition);
        Assert.All(await Task.WhenAll(waiting), answeredBy => Assert.Equal("b", answeredBy));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public async Task Requests_that_wait_while_the_group_is_settled_are_answered_by_the_other(int requests)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using ServiceProvider services = Services();
        HttpClient client = Client(services);
        await Given.ActiveAsync(Group(services), _a.Address.Authority);
        await Given.UntilAsync(() => Group(services).Snapshot.Members.All(member => member.Verdict == Verdict.Healthy), () => "not both healthy");
        Assert.Equal("a", await client.GetStringAsync(new Uri("work", UriKind.Relative)));

        _a.Freeze();
        Task<string>[] waiting = [.. Enumerable.Range(0, requests).Select(_ => client.GetStringAsync(new Uri("work", UriKind.Relative)))];

        Assert.All(await Task.WhenAll(waiting), answeredBy => Assert.Equal("b", answeredBy));
    }

    // As it is after a deployment: the group has started, its preferred member has frozen before it said anything, and nobody has called yet.
    [Fact]
    public async Task A_request_to_a_member_that_never_answered_is_answered_by_the_other()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _a.Freeze();
        await using ServiceProvider services = Services();
        HttpClient client = Client(services);
        Group(services).Start();
        await Given.UntilAsync(() => Group(services).Snapshot.Members[1].Verdict == Verdict.Healthy, () => "b has not answered");

        Assert.Equal("b", await client.GetStringAsync(new Uri("work", UriKind.Relative)));
    }

    // When the member was given up nobody else was fit; but now somebody is.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_that_waits_while_both_are_down_is_answered_by_the_one_that_comes_back(bool isSentBefore)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await _b.KillAsync();
        _a.Freeze();
        await using ServiceProvider services = Services();
        HttpClient client = Client(services);
        FailoverGroup group = Group(services);
        Task<string>? waiting = isSentBefore ? client.GetStringAsync(new Uri("work", UriKind.Relative)) : null;
        await Given.UntilAsync(() => group.Snapshot.Members.All(member => member.Verdict == Verdict.Unhealthy), () => "not both given up");
        waiting ??= client.GetStringAsync(new Uri("work", UriKind.Relative));

        await _b.StartAgainAsync();

        Assert.Equal("b", await waiting);
    }

    private static FailoverGroup Group(IServiceProvider services) => services.GetRequiredService<FailoverGroups>()["orders"];

    /// <summary>Its deadline is the caller's own: were it the one that ends the wait, the request would fail.</summary>
    private static HttpClient Client(IServiceProvider services)
    {
        HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        client.Timeout = TimeSpan.FromSeconds(30);
        return client;
    }

    private ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddFailover().AddHttpGroup("orders", group => group.Primary("a", _a.Address.AbsoluteUri).Secondary("b", _b.Address.AbsoluteUri));
        services.AddHttpClient("orders").AddFailover("orders");
        return services.BuildServiceProvider();
    }
}
