using Microsoft.Extensions.DependencyInjection;

namespace Failover.Scenarios.Clients;

/// <summary>A way to make an HttpClient that should survive the loss of its primary: ours, or a peer's. Each is set up as its own documentation says, with its defaults.</summary>
internal abstract class ClientKind
{
    internal abstract string Name { get; }

    /// <summary>Adds what stands between the caller and the transport. The client's base address is the primary's.</summary>
    internal abstract void Configure(IHttpClientBuilder client, Backends backends);
}
