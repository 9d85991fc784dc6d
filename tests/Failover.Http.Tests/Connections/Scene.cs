using Failover.Http.Connections;
using Failover.Http.Tests.Protocols.Survival;
using Microsoft.Extensions.DependencyInjection;

namespace Failover.Http.Tests.Connections;

/// <summary>Two real servers, a group of the two whose probes do not reach them, and a client.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private Scene(Wire wire, Backend a, Backend b, Action<IHttpClientBuilder> configure)
    {
        (A, B) = (a, b);
        var services = new ServiceCollection();

        // To shake hands may take a second on a busy machine, and what did not connect in time goes to the next member.
        services.AddFailover().AddHttpGroup("orders", group => group
            .Primary(a.Address.AbsoluteUri)
            .Secondary(b.Address.AbsoluteUri)
            .Connections(connections => connections.ConnectTimeout = Given.Limit)
            .UseProbeHandler(_ => new StubBackends()));
        IHttpClientBuilder client = services.AddHttpClient("orders", client =>
        {
            client.DefaultRequestVersion = wire.Version();
            client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
            client.Timeout = Given.Limit;
        }).AddFailover("orders");
        configure(client);
        if (wire.HasTls())
        {
#pragma warning disable CA5359 // The servers of these tests sign for themselves.
            client.UseSocketsHttpHandler((handler, _) => handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true);
#pragma warning restore CA5359
        }

        _services = services.BuildServiceProvider();
        Group = _services.GetRequiredService<FailoverGroups>()["orders"];
        Client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
    }

    internal Backend A { get; }

    internal Backend B { get; }

    internal FailoverGroup Group { get; }

    internal HttpClient Client { get; }

    internal IServiceProvider Services => _services;

    /// <summary>What opens the connections of the client.</summary>
    internal SocketsHttpHandler Transport => TransportOf(_services);

    internal static SocketsHttpHandler TransportOf(IServiceProvider services)
    {
        HttpMessageHandler? handler = services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("orders");
        while (handler is DelegatingHandler delegating and not ConnectionsHandler)
        {
            handler = delegating.InnerHandler;
        }

        return Assert.IsType<ConnectionsHandler>(handler).Transport!;
    }

    internal static async Task<Scene> BeginAsync(Wire wire, Action<IHttpClientBuilder>? configure = null)
    {
        var scene = new Scene(wire, await Backend.StartAsync("a", wire), await Backend.StartAsync("b", wire), configure ?? (_ => { }));
        await Given.ActiveAsync(scene.Group, scene.A.Address.Authority);
        await Given.UntilAsync(() => scene.Group.Snapshot.Members.All(member => member.Verdict == Verdict.Healthy), () => "not both healthy");
        return scene;
    }

    internal Task<string> GetAsync(string path) => Client.GetStringAsync(new Uri(path, UriKind.Relative));

    internal async Task<string> PostAsync(string path)
    {
        using HttpResponseMessage response = await Client.PostAsync(new Uri(path, UriKind.Relative), new StringContent("x"));
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    internal async Task SwitchToAsync(Backend backend)
    {
        await Group.SwitchToAsync(Group.Snapshot.Members.Single(member => member.Member.Address == backend.Address).Member, default);
        await Given.ActiveAsync(Group, backend.Address.Authority);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _services.DisposeAsync();
        await A.DisposeAsync();
        await B.DisposeAsync();
    }
}
