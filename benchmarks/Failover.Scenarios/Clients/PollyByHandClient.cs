using Microsoft.Extensions.DependencyInjection;

namespace Failover.Scenarios.Clients;

/// <summary>A careful pipeline made with Polly: fallback to the secondary, around one retry, around a timeout for each attempt.</summary>
internal sealed class PollyByHandClient : ClientKind
{
    internal override string Name => "polly-by-hand";

    internal override void Configure(IHttpClientBuilder client, Backends backends)
    {
        PollyByHandPipeline pipeline = new(withBreaker: false);
        client.AddHttpMessageHandler(() => new PollyByHandHandler(pipeline, backends.Secondary));
    }
}
