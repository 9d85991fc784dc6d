using Failover.Http.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.Http.Tests.Routing;

/// <summary>Which requests belong to a group by their address, and which of these are not sent.</summary>
public sealed class AddressedRequestsTests : HandlerOverStubs
{
    [Theory]
    [InlineData("https://c/x", "RequestNotOurs")]
    [InlineData("http://a/x", "RequestBypasses")]
    [InlineData("https://a:8443/x", "RequestBypasses")]
    public async Task A_request_that_is_not_of_the_group_passes_as_it_is(string uri, string told)
    {
        StubBackends backends = new StubBackends().Does(new Uri(uri).Authority, "503");
        using HttpMessageInvoker client = Client(backends);
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        Uri? before = request.RequestUri;

        string came = await ResultAsync(() => client.SendAsync(request, default));
        await ResultAsync(() => client.SendAsync(request, default));

        Assert.Equal("503", came);
        Assert.Same(before, request.RequestUri);
        Assert.Equal(("0/0/0", "0/0/0"), (Told(_group, 0), Told(_group, 1)));
        Assert.Equal(told, Assert.Single(_logs.GetSnapshot()).Id.Name);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5000", "http://localhost:5000/x", true)]
    [InlineData("http://127.0.0.1", "http://localhost/x", true)]
    [InlineData("https://a:8443", "https://elsewhere:8443/x", true)]
    [InlineData("https://a", "https://a:8443/x", true)]
    [InlineData("https://a", "http://A/x", true)]
    [InlineData("https://a", "https://elsewhere/x", false)]
    [InlineData("https://a:8443", "https://elsewhere/x", false)]
    [InlineData("http://127.0.0.1:5000", "http://localhost:5001/x", false)]
    public async Task A_request_that_misses_the_group_by_a_hair_is_told_with_the_cure(string member, string uri, bool isNear)
    {
        await using FailoverGroup group = Given.Group(_probe, member);
        using HttpMessageInvoker client = Client(new StubBackends(), group);

        await ResultAsync(() => client.SendAsync(new HttpRequestMessage(HttpMethod.Get, uri), default));

        FakeLogRecord told = Assert.Single(_logs.GetSnapshot());
        Assert.Equal(isNear ? LogLevel.Warning : LogLevel.Debug, told.Level);
        if (isNear)
        {
            Assert.Equal(
                $"Requests to {uri.Replace("/x", "", StringComparison.Ordinal).ToLowerInvariant()} bypass group orders and have no failover: it knows {member}, and that is another address. Ask for that, or set the client's BaseAddress where AddHttpClient configures it. Told once for each address.",
                told.Message);
        }
    }

    [Fact]
    public async Task A_near_miss_is_told_without_the_secrets_of_its_address()
    {
        using HttpMessageInvoker client = Client(new StubBackends());

        await ResultAsync(() => client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://me:hush@a/hush?hush"), default));

        Assert.DoesNotContain("hush", Assert.Single(_logs.GetSnapshot()).Message, StringComparison.Ordinal);
    }

    // Handlers come and go every two minutes; a client stays.
    [Fact]
    public async Task A_near_miss_is_told_once_for_each_address_of_a_client_and_not_without_end()
    {
        var addresses = new ClientAddresses();
        for (int handler = 0; handler < 2; handler++)
        {
            using var client = new HttpMessageInvoker(new FailoverHandler(_group, new Loggers(_logs), null, addresses) { InnerHandler = new StubBackends() });
            for (int port = 5000; port < 5100; port++)
            {
                await ResultAsync(() => client.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"https://a:{port}/x"), default));
            }
        }

        Assert.Equal(16, _logs.GetSnapshot().Count(record => record.Id.Name == "RequestBypasses"));
    }

    [Fact]
    public async Task An_address_that_is_no_members_belongs_to_the_group_if_it_is_the_base_address()
    {
        StubBackends backends = new();
        using var client = new HttpMessageInvoker(new FailoverHandler(_group) { InnerHandler = backends, BaseAddress = new Uri("https://orders/v1") });
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://orders/v1/x");

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.Equal(["GET https://a/x"], backends.Asked);
    }

    // No list of members mixes the two; but clients keep the address that they were made with.
    [Theory]
    [InlineData("https://orders/x")]
    [InlineData("https://a/x")]
    public async Task What_is_addressed_by_https_is_never_sent_in_clear(string uri)
    {
        await using FailoverGroup group = Given.Group(_probe, "http://a", "http://b");
        StubBackends backends = new();
        using var client = new HttpMessageInvoker(new FailoverHandler(group) { InnerHandler = backends, BaseAddress = new Uri(uri) });
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, default));
        var again = Assert.Throws<HttpRequestException>(() => client.Send(request, default));

        Assert.Equal(
            $"A request to https://{new Uri(uri).Authority} was not sent: the member a of orders (http://a) is without TLS, and what is addressed by https is not sent in clear. Give the members https, or the client an http address; AllowInsecureMember allows it.",
            error.Message);
        Assert.Equal((HttpRequestError.SecureConnectionError, error.Message), (error.HttpRequestError, again.Message));
        Assert.Empty(backends.Asked);
        Assert.Equal((0, 0, 0, 0), Given.Told(group, 0));
    }

    [Fact]
    public async Task What_is_addressed_by_https_is_sent_in_clear_where_it_is_allowed()
    {
        await using FailoverGroup group = new FailoverGroupBuilder("orders").UseProbe(_probe).AddMember(new Uri("http://a")).AllowInsecureMember().Build();
        StubBackends backends = new();
        using var client = new HttpMessageInvoker(new FailoverHandler(group) { InnerHandler = backends, BaseAddress = new Uri("https://orders") });
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://orders/x");

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.Equal(["GET http://a/x"], backends.Asked);
    }

    [Fact]
    public async Task What_is_addressed_by_http_may_go_to_an_https_member()
    {
        StubBackends backends = new();
        using var client = new HttpMessageInvoker(new FailoverHandler(_group) { InnerHandler = backends, BaseAddress = new Uri("http://orders") });
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x");

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.Equal(["GET https://a/x"], backends.Asked);
    }

    // The engine itself would take such a list: this is the guard behind the one that refuses it.
    [Fact]
    public async Task A_request_that_failed_under_TLS_is_not_sent_again_in_clear()
    {
        _group.Start();
        _group.Post(new Failover.Engine.MembersChanged([new(new Uri("https://a")), new(new Uri("http://b"))]));
        StubBackends backends = new StubBackends().Does("a", "503");
        using HttpMessageInvoker client = Client(backends);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/x");

        Assert.Equal("503", await ResultAsync(() => client.SendAsync(request, default)));

        Assert.Equal(["GET https://a/x"], backends.Asked);
    }

    [Fact]
    public async Task A_client_made_before_the_members_lost_their_TLS_sends_nothing()
    {
        StubBackends backends = new();
        using var client = new HttpMessageInvoker(new FailoverHandler(_group) { InnerHandler = backends, BaseAddress = new Uri("https://a") });
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/x");
        _group.SetMembers([new(new Uri("http://c"))]);

        Assert.Equal("SecureConnectionError", await ResultAsync(() => client.SendAsync(request, default)));

        Assert.Empty(backends.Asked);
    }

    [Fact]
    public async Task A_group_of_another_kind_is_told_once_and_left_alone()
    {
        await using FailoverGroup group = Given.Group(_probe, "tcp://db-a:5432", "tcp://db-b:5432");
        StubBackends backends = new();
        using HttpMessageInvoker client = Client(backends, group);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/");

        using HttpResponseMessage response = await client.SendAsync(request, default);
        using HttpResponseMessage again = await client.SendAsync(request, default);

        Assert.Equal("GroupNotHttp", Assert.Single(_logs.GetSnapshot()).Id.Name);
    }
}
