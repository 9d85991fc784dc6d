using Microsoft.Extensions.DependencyInjection;

namespace Failover.Scenarios.Clients;

/// <summary>HttpClient on the primary, with nothing added: what is lost without any of it.</summary>
internal sealed class BareClient : ClientKind
{
    internal override string Name => "bare";

    internal override void Configure(IHttpClientBuilder client, Backends backends)
    {
    }
}
