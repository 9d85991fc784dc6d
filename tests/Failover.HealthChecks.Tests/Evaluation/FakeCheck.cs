using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Tests.Evaluation;

/// <summary>A check that says what a test tells it to, and counts.</summary>
internal sealed class FakeCheck : IHealthCheck
{
    private int _running;
    private volatile TaskCompletionSource? _hangsAt;

    internal HealthCheckResult Result { get; set; } = HealthCheckResult.Healthy();

    internal Exception? Throws { get; set; }

    /// <summary>What a run waits for; null for nothing.</summary>
    internal TaskCompletionSource? Hangs { get; set; }

    /// <summary>Whether a run that hangs ends when its token fires.</summary>
    internal bool HeedsToken { get; init; }

    /// <summary>Called at the beginning of each run.</summary>
    internal Action<HealthCheckContext, CancellationToken>? OnRun { get; set; }

    /// <summary>Whether a run waits for <see cref="Hangs"/>.</summary>
    internal bool IsHanging => _hangsAt is { Task.IsCompleted: false };

    /// <summary>The token of the newest run.</summary>
    internal CancellationToken Token { get; private set; }

    internal int Runs { get; private set; }

    internal int Ended { get; private set; }

    internal int MostAtOnce { get; private set; }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        int running = Interlocked.Increment(ref _running);
        Runs++;
        Token = cancellationToken;
        MostAtOnce = Math.Max(MostAtOnce, running);
        try
        {
            OnRun?.Invoke(context, cancellationToken);
            if (Hangs is { } hangs)
            {
                _hangsAt = hangs;
                await hangs.Task.WaitAsync(HeedsToken ? cancellationToken : default);
            }

            return Throws is null ? Result : throw Throws;
        }
        finally
        {
            Ended++;
            Interlocked.Decrement(ref _running);
        }
    }
}
