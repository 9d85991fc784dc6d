using Failover.Http.Registration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Failover.Http.Tests.Registration;

public class RegistrationTests
{
    [Fact]
    public void Two_primaries_are_refused_with_both_named_and_without_secrets()
    {
        var services = new ServiceCollection();

        var error = Assert.Throws<InvalidOperationException>(() => services.AddFailover().AddHttpGroup("orders", group => group
            .Primary("https://user:hunter2@orders-a.example.com/api")
            .Secondary("https://orders-b.example.com")
            .Primary("c", "https://orders-c.example.com")));

        Assert.Equal("The group orders has two primaries, https://orders-a.example.com/api and c: one member is preferred, name the others with Secondary.", error.Message);
    }

    [Fact]
    public async Task A_client_goes_to_the_preferred_member_of_a_group_made_in_code()
    {
        StubBackends backends = new();
        await using ServiceProvider services = Services(
            failover => failover.AddHttpGroup("orders", group => group.Secondary("https://b").Primary("https://a").Secondary("https://c")),
            backends);

        HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        await client.GetAsync(new Uri("x", UriKind.Relative));

        Assert.Equal(new Uri("https://a"), client.BaseAddress);
        Assert.Equal(["a", "b", "c"], services.GetRequiredService<FailoverGroups>()["orders"].Snapshot.Members.Select(member => member.Member.Name));
        Assert.Equal(["GET https://a/x"], backends.Asked);
    }

    [Fact]
    public async Task A_member_with_a_base_path_is_a_base_address_with_a_slash()
    {
        StubBackends backends = new();
        await using ServiceProvider services = Services(failover => failover.AddHttpGroup("orders", group => group.Primary("https://a/api")), backends);

        await services.GetRequiredService<IHttpClientFactory>().CreateClient("orders").GetAsync(new Uri("x", UriKind.Relative));

        Assert.Equal(["GET https://a/api/x"], backends.Asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_base_address_that_the_client_sets_stays_and_belongs_to_the_group(bool before)
    {
        StubBackends backends = new StubBackends().Does("a", "503");
        var collection = new ServiceCollection();
        collection.AddFailover().AddHttpGroup("orders", group => group.Primary("https://a").Secondary("https://b/base").UseProbeHandler(_ => new ProbedBackends()));
        IHttpClientBuilder builder = collection.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => backends);
        _ = before
            ? builder.ConfigureHttpClient(client => client.BaseAddress = new Uri("https://orders/v1/")).AddFailover("orders")
            : builder.AddFailover("orders").ConfigureHttpClient(client => client.BaseAddress = new Uri("https://orders/v1/"));
        await using ServiceProvider services = collection.BuildServiceProvider();

        HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        await client.GetAsync(new Uri("x", UriKind.Relative));

        Assert.Equal(new Uri("https://orders/v1/"), client.BaseAddress);
        Assert.Equal(["GET https://a/x", "GET https://b/base/x"], backends.Asked);
    }

    // What ConfigureHttpClientDefaults adds: nobody has said of a client with an address of its own that it means the group, and its requests may bear credentials.
    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("named")]
    public async Task A_group_of_all_clients_sets_the_base_address_of_each_that_has_none_and_leaves_the_others_alone(string name)
    {
        StubBackends backends = new();
        var collection = new ServiceCollection();
        collection.AddFailover().AddHttpGroup("orders", group => group.Primary("https://a").Secondary("https://b").UseProbeHandler(_ => new ProbedBackends()));
        collection.ConfigureHttpClientDefaults(all => all.ConfigurePrimaryHttpMessageHandler(() => new Kept(backends)).AddFailover("orders"));
        collection.AddHttpClient("plain");
        collection.AddHttpClient("named", client => client.BaseAddress = new Uri("https://orders/"));
        await using ServiceProvider services = collection.BuildServiceProvider();
        IHttpClientFactory factory = services.GetRequiredService<IHttpClientFactory>();
        using HttpClient named = factory.CreateClient("named");
        using HttpClient client = factory.CreateClient(name);

        using HttpResponseMessage ofItsOwn = await client.GetAsync(new Uri("x", UriKind.Relative));
        using HttpResponseMessage ofTheNamed = await client.GetAsync(new Uri("https://orders/y"));

        Assert.Equal(new Uri(name == "named" ? "https://orders/" : "https://a/"), client.BaseAddress);
        Assert.Equal([name == "named" ? "GET https://orders/x" : "GET https://a/x", "GET https://orders/y"], backends.Asked);
    }

    [Fact]
    public async Task A_client_of_an_unknown_group_says_which_there_are()
    {
        await using ServiceProvider services = Services(failover => failover.AddHttpGroup("payments", group => group.Primary("https://a")), new StubBackends());

        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IHttpClientFactory>().CreateClient("orders"));

        Assert.Equal(
            ["The HTTP client 'orders' uses the failover group 'orders', which is not there. Registered are payments. Use one that is there, or add this one: in code, or as Failover:Groups:orders in the configuration."],
            error.Failures);
    }

    [Fact]
    public async Task A_client_of_an_unknown_group_stops_the_start()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddFailover(builder.Configuration.GetSection("Failover")).AddHttp().AddHttpGroup("payments", group => group.Primary("https://a").UseProbeHandler(_ => new ProbedBackends()));
        builder.Services.AddHttpClient<RegistrationTests>().AddFailover("paymets");
        builder.Services.AddHttpClient("a").AddFailover("PAYMENTS");
        using IHost host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(
            ["The HTTP client 'RegistrationTests' uses the failover group 'paymets', which is not there. Registered are payments. Did you mean payments? Use one that is there, or add this one: in code, or as Failover:Groups:paymets in the configuration."],
            error.Failures);
    }

    [Fact]
    public async Task A_client_of_a_group_says_that_the_section_is_missing()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddFailover(builder.Configuration.GetSection("Failover")).AddHttp();
        builder.Services.AddHttpClient("a").AddFailover("orders");
        using IHost host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(
            ["The HTTP client 'a' uses the failover group 'orders', which is not there: no group is registered, and the configuration has no section Failover. Add it: in code, or as Failover:Groups:orders in the configuration."],
            error.Failures);
    }

    [Fact]
    public async Task A_group_is_made_from_configuration()
    {
        await using ServiceProvider services = Configured(
            ("Groups:orders:Kind", "Http"),
            ("Groups:orders:Members:0", "https://a"),
            ("Groups:orders:Members:1:Name", "spare"),
            ("Groups:orders:Members:1:Address", "https://b/base"),
            ("Groups:orders:Probe:Path", "/up"),
            ("Groups:orders:Probe:ExpectedStatus", "200,204"),
            ("Groups:orders:Probe:BodyContains", "well"),
            ("Groups:orders:Probe:HttpVersion", "2.0"));

        FailoverGroup group = services.GetRequiredService<FailoverGroups>()["orders"];

        Assert.Equal("http", group.Kind);
        Assert.Equal(["a", "spare"], group.Snapshot.Members.Select(member => member.Member.Name));
        HttpProbeOptions probe = services.GetRequiredService<LastGoodOptions<HttpGroupOptions>>().Get("orders").Probe;
        Assert.Equal(("/up", "200,204", "well", "2.0"), (probe.Path, probe.ExpectedStatus, probe.BodyContains, probe.HttpVersion));
    }

    [Fact]
    public async Task Members_of_the_configuration_replace_those_of_the_code()
    {
        await using ServiceProvider services = Configured(
            failover => failover.AddHttpGroup("orders", group => group.Primary("https://a").Secondary("https://b")),
            ("Groups:orders:Members:0", "https://c"));

        Assert.Equal(["c"], services.GetRequiredService<FailoverGroups>()["orders"].Snapshot.Members.Select(member => member.Member.Name));
    }

    [Theory]
    [InlineData("Members", "https://a", "Failover:Groups:orders:Members (https://a) must be a list of addresses, the preferred one first.")]
    [InlineData("Members", "https://a,https://b", "Failover:Groups:orders:Members (https://a,https://b) must be a list of addresses, the preferred one first.")]
    [InlineData("Members", "", "Failover:Groups:orders:Members () is empty: it must list at least one address, the preferred one first.")]
    [InlineData("Members:a", "https://a", "Failover:Groups:orders:Members:a must not be named so: Members is a list, the preferred one first; a name stands in Name.")]
    [InlineData("Members:0", "orders-a", "Failover:Groups:orders:Members:0 (orders-a) must be an address with http or https, like https://orders-a.")]
    [InlineData("Members:0", "/orders", "Failover:Groups:orders:Members:0 (/orders) must be an address with http or https, like https://orders-a.example.com.")]
    [InlineData("Members:0", "localhost:5000", "Failover:Groups:orders:Members:0 (localhost:5000) must be an address with http or https, like http://localhost:5000.")]
    [InlineData("Members:0", "ftp://x", "Failover:Groups:orders:Members:0 (ftp://x) must be an address with http or https, like https://x.")]
    [InlineData("Members:0", "", "Failover:Groups:orders:Members:0 () must be an address with http or https, like https://orders-a.example.com.")]
    [InlineData("Members:0", "ftp://me:hush@a", "Failover:Groups:orders:Members:0 (***) must be an address with http or https, like https://orders-a.example.com.")]
    [InlineData("Members:0", "tcp://a", "Failover:Groups:orders:Members:0 (tcp://a) must be an address with http or https, like https://a.")]
    [InlineData("Members:0", "https://me:hush@a", "Failover:Groups:orders:Members:0 must not carry user information: addresses are shown in logs.")]
    [InlineData("Members:0", "https://a/?key=hush", "Failover:Groups:orders:Members:0 must not carry a query or a fragment.")]
    [InlineData("Members:2", "https://a", "Failover:Groups:orders:Members:2 (https://a) must not be the address of Members:0 again.")]
    [InlineData("Members:2:Adress", "https://c", "Failover:Groups:orders:Members:2:Adress is not a known key; did you mean Address?")]
    [InlineData("Members:1", "http://b", "Failover:Groups:orders:Members must not mix https and http: after a failover, requests meant for https would go out in clear; AllowInsecureMember: true allows it.")]
    [InlineData("Probe:Path", "health", "Failover:Groups:orders:Probe:Path (health) must be a path that begins with a slash, like /health.")]
    [InlineData("Probe:ExpectedStatus", "ok", "Failover:Groups:orders:Probe:ExpectedStatus (ok) must be statuses, ranges and classes from 200 to 599, separated by commas, like 200,204 or 200-299 or 2xx.")]
    [InlineData("Probe:HttpVersion", "2", "Failover:Groups:orders:Probe:HttpVersion (2) must be 1.0, 1.1, 2.0 or 3.0.")]
    [InlineData("Probe:Pth", "/up", "Failover:Groups:orders:Probe:Pth is not a known key; did you mean Path?")]
    public async Task What_is_wrong_is_told_with_key_value_and_what_is_allowed(string key, string value, string problem)
    {
        var values = new Dictionary<string, string?>
        {
            ["Groups:orders:Kind"] = "Http",
            ["Groups:orders:Members:0"] = "https://a",
            ["Groups:orders:Members:1"] = "https://b",
        };
        if (key is "Members" or "Members:a")
        {
            values.Remove("Groups:orders:Members:0");
            values.Remove("Groups:orders:Members:1");
        }

        values["Groups:orders:" + key] = value;
        if (key.StartsWith("Members:2:", StringComparison.Ordinal))
        {
            values["Groups:orders:Members:2:Name"] = "c";
        }

        await using ServiceProvider services = Configured([.. values.Select(pair => (pair.Key, pair.Value))]);

        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<FailoverGroups>()["orders"]);

        Assert.Equal([problem], error.Failures);
        Assert.DoesNotContain("hush", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_without_members_is_refused()
    {
        await using ServiceProvider services = Services(failover => failover.AddHttpGroup("orders", _ => { }), new StubBackends());

        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<FailoverGroups>()["orders"]);

        Assert.Equal("Failover:Groups:orders:Members is missing: it must list at least one address, the preferred one first.", Assert.Single(error.Failures));
    }

    [Fact]
    public async Task A_group_may_mix_https_and_http_where_it_is_allowed()
    {
        await using ServiceProvider services = Services(
            failover => failover.AddHttpGroup("orders", group => group.Primary("https://a").Secondary("http://b").AllowInsecureMember()),
            new StubBackends());

        Assert.Equal(2, services.GetRequiredService<FailoverGroups>()["orders"].Snapshot.Members.Length);
    }

    [Fact]
    public async Task A_reload_changes_members_and_probe()
    {
        using var asked = new ProbedBackends();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Failover:Groups:orders:Detection:ProbeInterval"] = "00:00:01",
            ["Failover:Groups:orders:Detection:TransitionInterval"] = "00:00:00.050",
            ["Failover:Groups:orders:Switchback:HoldDown"] = "00:00:00",
            ["Failover:Groups:orders:Members:0"] = "https://a",
            ["Failover:Groups:orders:Members:1"] = "https://b",
        }).Build();
        var collection = new ServiceCollection();
        collection.AddFailover(configuration.GetSection("Failover")).AddHttpGroup("orders", group => group.UseProbeHandler(_ => asked));
        await using ServiceProvider services = collection.BuildServiceProvider();
        FailoverGroup group = services.GetRequiredService<FailoverGroups>()["orders"];
        await group.WaitForActiveAsync(default);

        configuration["Failover:Groups:orders:Members:0"] = "https://c";
        configuration["Failover:Groups:orders:Probe:Path"] = "/up";
        configuration.Reload();

        await Given.ActiveAsync(group, "c");
        Assert.Contains("https://a/health", asked.Asked);
        await Given.UntilAsync(() => asked.Asked.Contains("https://c/up"), () => string.Join(' ', asked.Asked));
        Assert.Equal(["c", "b"], group.Snapshot.Members.Select(member => member.Member.Name));
    }

    [Fact]
    public async Task A_running_group_takes_no_member_that_would_be_refused_at_start()
    {
        await using ServiceProvider services = Services(failover => failover.AddHttpGroup("orders", group => group.Primary("https://a").Secondary("https://b")), new StubBackends());
        FailoverGroup group = services.GetRequiredService<FailoverGroups>()["orders"];

        Assert.Contains("must not mix https and http", Assert.Throws<ArgumentException>(() => group.AddMember(new(new Uri("http://c")))).Message, StringComparison.Ordinal);
        Assert.Contains("must not mix https and http", Assert.Throws<ArgumentException>(() => group.SetMembers([new(new Uri("http://c")), new(new Uri("https://a"))])).Message, StringComparison.Ordinal);
        Assert.StartsWith("The member tcp://c:80 of orders must be http or https, like https://c:80.", Assert.Throws<ArgumentException>(() => group.AddMember(new(new Uri("tcp://c:80")))).Message, StringComparison.Ordinal);
        Assert.Equal(["a", "b"], group.Snapshot.Members.Select(member => member.Member.Name));
    }

    [Fact]
    public void A_group_made_by_its_builder_takes_only_what_HTTP_can_serve()
    {
        FailoverGroupBuilder builder = new FailoverGroupBuilder("orders").AddMember(new Uri("tcp://a:80")).AddMember(new Uri("https://b")).AddMember(new Uri("http://c")).UseHttpProbe(new());

        Assert.Equal(
            [
                "The member tcp://a:80 of orders must be http or https, like https://a:80.",
                "The members of orders must not mix https and http (https://b/ and http://c/): after a failover, requests meant for https would go out in clear; AllowInsecureMember allows it.",
            ],
            Assert.Throws<OptionsValidationException>(builder.Build).Failures);
    }

    [Fact]
    public void A_probe_that_a_builder_is_given_is_checked_like_that_of_a_configuration() =>
        Assert.Equal(
            [
                "Failover:Groups:orders:Probe:Path (health) must be a path that begins with a slash, like /health.",
                "Failover:Groups:orders:Probe:HttpVersion (2) must be 1.0, 1.1, 2.0 or 3.0.",
            ],
            Assert.Throws<OptionsValidationException>(() => new FailoverGroupBuilder("orders").UseHttpProbe(new() { Path = "health", HttpVersion = "2" })).Failures);

    [Fact]
    public async Task A_reload_may_allow_a_mix_and_must_not_make_one_otherwise()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Failover:Groups:orders:Members:0"] = "https://a",
            ["Failover:Groups:orders:Members:1"] = "https://b",
        }).Build();
        var collection = new ServiceCollection();
        collection.AddFailover(configuration.GetSection("Failover")).AddHttpGroup("orders", group => group.UseProbeHandler(_ => new ProbedBackends()));
        await using ServiceProvider services = collection.BuildServiceProvider();
        FailoverGroup group = services.GetRequiredService<FailoverGroups>()["orders"];
        Assert.Equal(2, group.Snapshot.Members.Length);

        configuration["Failover:Groups:orders:Members:1"] = "http://b";
        configuration.Reload();
        Assert.Contains("must not mix", group.Snapshot.ConfigurationError, StringComparison.Ordinal);
        Assert.Equal(["https", "https"], group.Snapshot.Members.Select(member => member.Member.Address.Scheme));

        configuration["Failover:Groups:orders:AllowInsecureMember"] = "true";
        configuration.Reload();
        Assert.Null(group.Snapshot.ConfigurationError);
        Assert.Equal(["https", "http"], group.Snapshot.Members.Select(member => member.Member.Address.Scheme));
    }

    // Its probe is ours, its options are not.
    [Fact]
    public async Task A_client_may_use_a_group_that_is_made_wholly_in_code()
    {
        var collection = new ServiceCollection();
        StubBackends backends = new();
        collection.AddFailover().AddGroup("orders", (_, group) => group.AddMember(new Uri("https://a")).UseHttpProbe(new(), new ProbedBackends(), Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance));
        collection.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => backends).AddFailover("orders");
        await using ServiceProvider services = collection.BuildServiceProvider();

        using HttpResponseMessage response = await services.GetRequiredService<IHttpClientFactory>().CreateClient("orders").GetAsync(new Uri("x", UriKind.Relative));

        Assert.Equal(["GET https://a/x"], backends.Asked);
    }

    private static ServiceProvider Services(Action<IFailoverBuilder> add, HttpMessageHandler backends)
    {
        var services = new ServiceCollection();
        add(services.AddFailover());
        services.AddKeyedSingleton("orders", new ProbeHandlerFactory(_ => new ProbedBackends()));
        services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => backends).AddFailover("orders");
        return services.BuildServiceProvider();
    }

    private static ServiceProvider Configured(params (string Key, string? Value)[] values) => Configured(_ => { }, values);

    private static ServiceProvider Configured(Action<IFailoverBuilder> add, params (string Key, string? Value)[] values)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(pair => "Failover:" + pair.Key, pair => pair.Value)).Build();
        var services = new ServiceCollection();
        add(services.AddFailover(configuration.GetSection("Failover")).AddHttp());
        return services.BuildServiceProvider();
    }

    /// <summary>The factory may dispose of it, and not of what is inside.</summary>
    private sealed class Kept(HttpMessageHandler inner) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _inner = new(inner, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _inner.SendAsync(request, cancellationToken);
    }

    private sealed class ProbedBackends : HttpMessageHandler
    {
        internal System.Collections.Concurrent.ConcurrentQueue<string> Asked { get; } = new();

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Enqueue(request.RequestUri!.AbsoluteUri);
            return Task.FromResult(new HttpResponseMessage { RequestMessage = request });
        }
    }
}
