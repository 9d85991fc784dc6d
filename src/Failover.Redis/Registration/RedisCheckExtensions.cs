using Failover;
using Failover.Redis;
using Failover.Redis.Checks;
using Failover.Redis.Registration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the health check of Redis groups. It bears the tag <c>shared</c>, which says whose failure it is, unless it is given that or <c>local</c>.</summary>
public static class RedisCheckExtensions
{
    private const string Local = "local";
    private const string Shared = "shared";

    /// <summary>Checks a Redis group, under the group's name. Scope: shared.</summary>
    /// <inheritdoc cref="AddRedis(IHealthChecksBuilder, string, string, Action{RedisCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddRedis(this IHealthChecksBuilder builder, string groupName) => builder.AddRedis(groupName, static _ => { });

    /// <summary>Checks a Redis group, under the group's name. Scope: shared.</summary>
    /// <inheritdoc cref="AddRedis(IHealthChecksBuilder, string, string, Action{RedisCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddRedis(this IHealthChecksBuilder builder, string groupName, Action<RedisCheckOptions> configure) => builder.AddRedis(groupName, groupName, configure, null, []);

    /// <summary>
    /// Checks a Redis group: whether there is a master that takes writes and gives them back, how far its replicas are behind, whether enough sentinels answer, how long they wait, whether the master is fenced, and its memory. One that is switching is degraded until its
    /// grace ends. Asks the master for <see cref="RedisCheckOptions.Timeout"/> at most. Scope: shared.
    /// </summary>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="groupName">The name of the group. It need not be registered yet; that there is such a group is checked when the host starts, or without a host when a group is first used.</param>
    /// <param name="configure">Sets limits, and the key that is written.</param>
    /// <param name="failureStatus">What a failure counts as; null: unhealthy.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <exception cref="OptionsValidationException">Some options are not allowed.</exception>
    public static IHealthChecksBuilder AddRedis(this IHealthChecksBuilder builder, string name, string groupName, Action<RedisCheckOptions> configure, HealthStatus? failureStatus, IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(groupName);
        ArgumentNullException.ThrowIfNull(configure);
        ArgumentNullException.ThrowIfNull(tags);
        RedisCheckOptions options = new();
        configure(options);
        OptionsCheck check = new($"Health check '{name}'");
        RedisCheckRules.Check(options, check);
        if (check.Problems.Count > 0)
        {
            throw new OptionsValidationException(name, typeof(RedisCheckOptions), check.Problems);
        }

        builder.Services.AddFailover().AddRedis().RequireGroup(groupName, $"The health check '{name}'");

        // One instance a container: it knows whether its last run still waits.
        object key = new();
        builder.Services.AddKeyedSingleton<IHealthCheck>(key, (services, _) => new RedisHealthCheck(services.GetRequiredService<RedisSets>().Of(groupName), options, services.GetService<TimeProvider>() ?? TimeProvider.System));
        string[] all = [.. tags];
        bool isSaid = all.Any(static tag => string.Equals(tag, Local, StringComparison.OrdinalIgnoreCase) || string.Equals(tag, Shared, StringComparison.OrdinalIgnoreCase));
        return builder.Add(new HealthCheckRegistration(name, services => services.GetRequiredKeyedService<IHealthCheck>(key), failureStatus, isSaid ? all : [.. all, Shared]));
    }
}
