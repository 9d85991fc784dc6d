using Failover.Scenarios.Attempts;
using Microsoft.Extensions.DependencyInjection;

namespace Failover.Scenarios.Clients;

/// <summary>A client that runs, in a container of its own.</summary>
internal sealed class ClientUnderTest : IAsyncDisposable
{
    internal const string Name = "orders";

    private readonly ServiceProvider _services;
    private readonly SwitchoverCount? _switchovers;
    private readonly RefusalCount? _refusals;

    private ClientUnderTest(ServiceProvider services)
    {
        _services = services;
        _refusals = services.GetService<FailoverGroups>() is null ? null : new();
        Client = services.GetRequiredService<IHttpClientFactory>().CreateClient(Name);
        _switchovers = services.GetService<FailoverGroups>() is { } groups ? new(groups[Name]) : null;
    }

    internal HttpClient Client { get; }

    /// <summary>How often the client's group moved; null for a peer.</summary>
    internal int? Switchovers => _switchovers?.Value;

    /// <summary>How many requests it did not send again because its retry budget was empty; null for a peer.</summary>
    internal int? Refused => _refusals?.Value;

    internal static ClientUnderTest Create(ClientKind kind, Backends backends)
    {
        ServiceCollection services = new();
        IHttpClientBuilder client = services.AddHttpClient(Name, http => http.BaseAddress = backends.Primary);
        kind.Configure(client, backends);
        if (backends.Stub is null)
        {
            client.AddHttpMessageHandler(() => new AttemptRecorder(backends.Log));
        }

        client.ConfigurePrimaryHttpMessageHandler(backends.Transport);
        return new(services.BuildServiceProvider());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_switchovers is not null)
        {
            await _switchovers.DisposeAsync();
        }

        _refusals?.Dispose();
        await _services.DisposeAsync();
    }
}
