using Microsoft.Extensions.DependencyInjection;

namespace Failover.Scenarios.Clients;

/// <summary>The same as <see cref="PollyByHandClient"/>, with a circuit breaker on the primary.</summary>
internal sealed class PollyByHandBreakerClient : ClientKind
{
    internal override string Name => "polly-by-hand-breaker";

    internal override void Configure(IHttpClientBuilder client, Backends backends)
    {
        PollyByHandPipeline pipeline = new(withBreaker: true);
        client.AddHttpMessageHandler(() => new PollyByHandHandler(pipeline, backends.Secondary));
    }
}
