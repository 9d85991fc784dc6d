using Polly;
using Polly.CircuitBreaker;
using Polly.Fallback;
using Polly.Retry;
using Polly.Timeout;

namespace Failover.Scenarios.Clients;

/// <summary>
/// Fallback &gt; retry (once, after 50 ms) &gt; breaker (half of at least 20 in 5 s, open for 5 s) &gt; timeout (1 s an attempt). Made once for all handlers of a client,
/// since the breaker remembers.
/// </summary>
internal sealed class PollyByHandPipeline
{
    private readonly ResiliencePropertyKey<Func<CancellationToken, Task<HttpResponseMessage>>> _elsewhere = new("elsewhere");
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    internal PollyByHandPipeline(bool withBreaker)
    {
        ResiliencePipelineBuilder<HttpResponseMessage> builder = new();
        builder.AddFallback(new FallbackStrategyOptions<HttpResponseMessage>
        {
            ShouldHandle = Failed().Handle<BrokenCircuitException>(),
            FallbackAction = async arguments =>
            {
                Func<CancellationToken, Task<HttpResponseMessage>> elsewhere = arguments.Context.Properties.GetValue(_elsewhere, null!);
                return Outcome.FromResult(await elsewhere(arguments.Context.CancellationToken));
            },
        });
        builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage> { ShouldHandle = Failed(), MaxRetryAttempts = 1, Delay = TimeSpan.FromMilliseconds(50) });
        if (withBreaker)
        {
            builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                ShouldHandle = Failed(),
                FailureRatio = 0.5,
                MinimumThroughput = 20,
                SamplingDuration = TimeSpan.FromSeconds(5),
                BreakDuration = TimeSpan.FromSeconds(5),
            });
        }

        _pipeline = builder.AddTimeout(TimeSpan.FromSeconds(1)).Build();
    }

    /// <param name="primary">Sends the request to the primary.</param>
    /// <param name="secondary">Sends it to the secondary.</param>
    /// <param name="cancellationToken">The caller's.</param>
    internal async Task<HttpResponseMessage> SendAsync(
        Func<CancellationToken, Task<HttpResponseMessage>> primary, Func<CancellationToken, Task<HttpResponseMessage>> secondary, CancellationToken cancellationToken)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            context.Properties.Set(_elsewhere, secondary);
            return await _pipeline.ExecuteAsync(async (c, send) => await send(c.CancellationToken), context, primary);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static PredicateBuilder<HttpResponseMessage> Failed() => new PredicateBuilder<HttpResponseMessage>()
        .Handle<HttpRequestException>()
        .Handle<TimeoutRejectedException>()
        .HandleResult(response => (int)response.StatusCode >= 500);
}
