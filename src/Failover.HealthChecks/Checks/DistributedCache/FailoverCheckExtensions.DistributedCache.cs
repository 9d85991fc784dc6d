using Failover;
using Failover.HealthChecks;
using Failover.HealthChecks.Checks;
using Failover.HealthChecks.Checks.DistributedCache;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <content>Distributed caches.</content>
public static partial class FailoverCheckExtensions
{
    /// <summary>Checks the app's <see cref="IDistributedCache"/>, under the name <c>cache</c>: sets, gets and removes a key that no other node uses. Scope: shared.</summary>
    /// <inheritdoc cref="AddDistributedCache(IHealthChecksBuilder, string, Func{IServiceProvider, IDistributedCache}, Action{DistributedCacheCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddDistributedCache(this IHealthChecksBuilder builder) => builder.AddDistributedCache(static _ => { });

    /// <summary>Checks the app's <see cref="IDistributedCache"/>, under the name <c>cache</c>. Scope: shared.</summary>
    /// <inheritdoc cref="AddDistributedCache(IHealthChecksBuilder, string, Func{IServiceProvider, IDistributedCache}, Action{DistributedCacheCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddDistributedCache(this IHealthChecksBuilder builder, Action<DistributedCacheCheckOptions> configure) => builder.AddDistributedCache("cache", configure, null, []);

    /// <summary>Checks the app's <see cref="IDistributedCache"/>. Scope: shared.</summary>
    /// <inheritdoc cref="AddDistributedCache(IHealthChecksBuilder, string, Func{IServiceProvider, IDistributedCache}, Action{DistributedCacheCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddDistributedCache(this IHealthChecksBuilder builder, string name, Action<DistributedCacheCheckOptions> configure, HealthStatus? failureStatus, IEnumerable<string> tags) =>
        builder.AddDistributedCache(name, static services => services.GetRequiredService<IDistributedCache>(), configure, failureStatus, tags);

    /// <summary>Checks a distributed cache. Scope: shared.</summary>
    /// <inheritdoc cref="AddDistributedCache(IHealthChecksBuilder, string, Func{IServiceProvider, IDistributedCache}, Action{DistributedCacheCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddDistributedCache(this IHealthChecksBuilder builder, string name, Func<IServiceProvider, IDistributedCache> cache) => builder.AddDistributedCache(name, cache, static _ => { }, null, []);

    /// <summary>Checks a distributed cache: sets, gets and removes a key that no other node uses. Scope: shared.</summary>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="cache">Gives the app's cache. Called once, when the check first runs; who made the cache disposes of it.</param>
    /// <param name="configure">Sets the key's prefix and its expiry.</param>
    /// <param name="failureStatus">What a failure counts as; null: unhealthy. An app that works without its cache says <see cref="HealthStatus.Degraded"/>.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <exception cref="Options.OptionsValidationException">Some options are not allowed.</exception>
    public static IHealthChecksBuilder AddDistributedCache(this IHealthChecksBuilder builder, string name, Func<IServiceProvider, IDistributedCache> cache, Action<DistributedCacheCheckOptions> configure, HealthStatus? failureStatus, IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(cache);
        DistributedCacheCheckOptions options = CheckRegistration.Configured(name, configure, Rules);
        return builder.AddOwn(name, CheckScope.Shared, failureStatus, tags, null, services => new DistributedCacheHealthCheck(cache(services), options, services.Time()));
    }

    /// <summary>Checks a distributed cache that is a keyed service. Scope: shared.</summary>
    /// <inheritdoc cref="AddKeyedDistributedCache(IHealthChecksBuilder, string, object, Action{DistributedCacheCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddKeyedDistributedCache(this IHealthChecksBuilder builder, string name, object serviceKey) => builder.AddKeyedDistributedCache(name, serviceKey, static _ => { }, null, []);

    /// <summary>Checks a distributed cache that is a keyed service. Scope: shared.</summary>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="serviceKey">The key of the app's <see cref="IDistributedCache"/>.</param>
    /// <param name="configure">Sets the key's prefix and its expiry.</param>
    /// <param name="failureStatus">What a failure counts as; null: unhealthy.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <exception cref="Options.OptionsValidationException">Some options are not allowed.</exception>
    public static IHealthChecksBuilder AddKeyedDistributedCache(this IHealthChecksBuilder builder, string name, object serviceKey, Action<DistributedCacheCheckOptions> configure, HealthStatus? failureStatus, IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(serviceKey);
        return builder.AddDistributedCache(name, services => services.GetRequiredKeyedService<IDistributedCache>(serviceKey), configure, failureStatus, tags);
    }

    private static void Rules(DistributedCacheCheckOptions options, OptionsCheck check)
    {
        if (string.IsNullOrWhiteSpace(options.KeyPrefix))
        {
            check.Refuse(nameof(options.KeyPrefix), options.KeyPrefix, "must not be blank");
        }

        check.InRange(nameof(options.Expiry), options.Expiry, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
    }
}
