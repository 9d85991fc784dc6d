using Failover.Scenarios.Attempts;
using Microsoft.Extensions.DependencyInjection;

namespace Failover.Scenarios.Clients;

/// <summary>Ours, with its defaults. The handler for probes only makes them seen.</summary>
internal sealed class FailoverClient : ClientKind
{
    internal override string Name => "failover";

    internal override void Configure(IHttpClientBuilder client, Backends backends)
    {
        client.Services.AddFailover().AddHttpGroup(ClientUnderTest.Name, group => group
            .Primary("primary", backends.Primary.AbsoluteUri)
            .Secondary("secondary", backends.Secondary.AbsoluteUri)
            .UseProbeHandler(_ => backends.Stub?.Invoke() ?? new AttemptRecorder(backends.Log) { InnerHandler = backends.Transport() }));
        client.AddFailover(ClientUnderTest.Name);
    }
}
