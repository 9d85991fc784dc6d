using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Tests.Evaluation;

/// <summary>A check that says what a test tells it to, and counts.</summary>
internal sealed class FakeCheck : IHealthCheck
{
    private int _running;
    private volatile TaskCompletionSource? _hangsAt;

    internal HealthCheckResult Result { get; set; } = HealthCheckResult.Healthy();

    internal Exception? Throws { get; set; }

    /// <summary>What a run waits for, whatever its token says; null for nothing.</summary>
    internal TaskCompletionSource? Hangs { get; set; }

    /// <summary>Whether a run waits for <see cref="Hangs"/>.</summary>
    internal bool IsHanging => _hangsAt is { Task.IsCompleted: false };

    /// <summary>The last token that a run was given.</summary>
    internal CancellationToken Token { get; private set; }

    internal int Runs { get; private set; }

    internal int MostAtOnce { get; private set; }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        int running = Interlocked.Increment(ref _running);
        Runs++;
        Token = cancellationToken;
        MostAtOnce = Math.Max(MostAtOnce, running);
        try
        {
            if (Hangs is { } hangs)
            {
                _hangsAt = hangs;
                await hangs.Task;
            }

            return Throws is null ? Result : throw Throws;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
