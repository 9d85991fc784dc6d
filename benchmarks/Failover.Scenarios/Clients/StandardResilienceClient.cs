using Microsoft.Extensions.DependencyInjection;

namespace Failover.Scenarios.Clients;

/// <summary>AddStandardResilienceHandler with its defaults. It knows one endpoint only.</summary>
internal sealed class StandardResilienceClient : ClientKind
{
    internal override string Name => "standard-resilience";

    internal override void Configure(IHttpClientBuilder client, Backends backends) => client.AddStandardResilienceHandler();
}
