using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Checks.DistributedCache;

/// <summary>Sets, gets and removes a key that is this process's own. Many caches heed no token: a run that hangs is left behind, and no other begun beside it.</summary>
internal sealed class DistributedCacheHealthCheck(IDistributedCache cache, DistributedCacheCheckOptions options, TimeProvider time) : IHealthCheck
{
    private readonly OneAtATime _runs = new();
    private readonly string _key = $"{options.KeyPrefix}{Environment.MachineName}:{Guid.NewGuid():N}";
    private readonly DistributedCacheEntryOptions _entry = new() { AbsoluteExpirationRelativeToNow = options.Expiry };

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        _runs.RunAsync(token => LookAsync(context, token), cancellationToken);

    private async Task<HealthCheckResult> LookAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        Steps steps = new(time);
        try
        {
            // New in each run: what an earlier one has left there is no answer.
            byte[] value = Guid.NewGuid().ToByteArray();
            steps.Begin(CheckStep.Set);
            await cache.SetAsync(_key, value, _entry, cancellationToken).ConfigureAwait(false);
            steps.Begin(CheckStep.Get);
            byte[]? found = await cache.GetAsync(_key, cancellationToken).ConfigureAwait(false);
            if (found is null || !found.AsSpan().SequenceEqual(value))
            {
                return steps.Failed(context, found is null ? "the cache has lost what was set" : "the cache gives another value than was set");
            }

            steps.Begin(CheckStep.Remove);
            await cache.RemoveAsync(_key, cancellationToken).ConfigureAwait(false);
            return steps.Passed();
        }
#pragma warning disable CA1031 // Caches throw what they like; each is a failure, and the step tells which.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return steps.Threw(context, exception);
        }
    }
}
