using System.Text.Json.Nodes;
using Failover.Kubernetes.Tests.ApiServer;
using Microsoft.Extensions.Time.Testing;

namespace Failover.Kubernetes.Tests;

/// <summary>A test with an API server of its own.</summary>
public abstract class OnApiServer : IAsyncLifetime
{
    protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly List<Host> _hosts = [];

    internal FakeApiServer Server { get; private set; } = null!;

    /// <summary>Gets the clock of the server, which moves when a test moves it.</summary>
    internal FakeTimeProvider ServerTime { get; } = new(new(2026, 5, 4, 3, 0, 0, TimeSpan.Zero));

    public async Task InitializeAsync() => Server = await FakeApiServer.StartAsync(ServerTime);

    public async Task DisposeAsync()
    {
        _hosts.ForEach(static host => host.Dispose());
        await Server.DisposeAsync();
    }

    internal Host Pod(string name, TimeProvider? time = null)
    {
        Host host = new(Server, name, time);
        _hosts.Add(host);
        return host;
    }

    /// <summary>The lease was held once, and given back.</summary>
    internal void GivenBack() => Server.Leases.Create(FakeApiServer.Space, Given.ReleasedLease(Host.LeaseName));

    internal JsonObject Lease() => Server.Leases.Get(FakeApiServer.Space, Host.LeaseName);

    internal JsonNode? Spec(string field) => Lease()["spec"]![field];

    /// <summary>Changes the object as <c>kubectl edit</c> would.</summary>
    internal void Edit(Action<JsonObject> change) => Server.Leases.Update(FakeApiServer.Space, Host.LeaseName, old =>
    {
        change(old!);
        return old!;
    });
}
