using Failover;
using Failover.Redis;
using Failover.Redis.Probing;
using Failover.Redis.Registration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Redis groups.</summary>
public static class FailoverRedisBuilderExtensions
{
    /// <summary>The kind, as it is written in configuration.</summary>
    private const string Kind = "Redis";

    /// <summary>
    /// Registers the kind <c>Redis</c>: each group of the configuration with <c>Kind: Redis</c> is made of its <see cref="RedisGroupOptions"/>, and has a <see cref="FailoverRedis"/> and its connection to the master, an <see cref="IConnectionMultiplexer"/>, as keyed
    /// services of its name; the only one without a key too, unless the app has registered a multiplexer itself. May be called any number of times.
    /// </summary>
    /// <param name="builder">What <c>AddFailover(section)</c> returned.</param>
    public static IFailoverBuilder AddRedis(this IFailoverBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        services.TryAddSingleton(static provider => new RedisSets(provider));
        services.TryAddSingleton(static provider => provider.GetRequiredService<RedisSets>().Only());
        services.TryAddSingleton(static provider => provider.GetRequiredService<RedisSets>().Only().Connection);
        services.TryAddKeyedSingleton(KeyedService.AnyKey, static (provider, key) => provider.GetRequiredService<RedisSets>().Of(NameOf<FailoverRedis>(key)));
        services.TryAddKeyedSingleton(KeyedService.AnyKey, static (provider, key) => provider.GetRequiredService<RedisSets>().Of(NameOf<IConnectionMultiplexer>(key)).Connection);
        return builder.AddKind(
            Kind,
            RedisGroupKeys.Table,
            static (provider, group, options) => provider.GetRequiredService<RedisSets>().Make(group.Name, options).AddTo(group, () => provider.GetRequiredService<FailoverGroups>()[group.Name]),
            static (provider, group, options) => provider.GetRequiredService<RedisSets>().Find(group.Name).Change(options),
            ProbeDefaults.Set);
    }

    /// <summary>Adds a Redis group: nodes under Sentinel, of which one is master.</summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="name">The name: for logs, metrics, people and dependency injection. Without a colon; compared without regard to case.</param>
    /// <param name="connectionString">The sentinels, the name by which they know the master, and how to connect: <c>sentinel-a,sentinel-b,sentinel-c,serviceName=mymaster</c>. Checked when the app starts.</param>
    /// <exception cref="InvalidOperationException">A group of this name was added before.</exception>
    public static IFailoverBuilder AddRedis(this IFailoverBuilder builder, string name, string connectionString) => builder.AddRedis(name, connectionString, static _ => { });

    /// <summary>Adds a Redis group: nodes under Sentinel, of which one is master.</summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="name">The name: for logs, metrics, people and dependency injection. Without a colon; compared without regard to case.</param>
    /// <param name="connectionString">The sentinels, the name by which they know the master, and how to connect: <c>sentinel-a,sentinel-b,sentinel-c,serviceName=mymaster</c>. Checked when the app starts.</param>
    /// <param name="configure">Says more. Called at once.</param>
    /// <exception cref="InvalidOperationException">A group of this name was added before.</exception>
    public static IFailoverBuilder AddRedis(this IFailoverBuilder builder, string name, string connectionString, Action<RedisGroupBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(connectionString);
        ArgumentNullException.ThrowIfNull(configure);
        builder.AddRedis().AddGroup(name, Kind);
        builder.Services.Configure<RedisGroupOptions>(name, options =>
        {
            // What configuration names stands: it may be another set in each environment.
            if (options.ConnectionString.Length == 0)
            {
                options.ConnectionString = connectionString;
            }
        });
        configure(new RedisGroupBuilder(name, builder.Services));
        return builder;
    }

    private static string NameOf<TService>(object? key) =>
        key as string ?? throw new InvalidOperationException($"A {typeof(TService).Name} is asked for by the name of its group, not by a key of type {key?.GetType()}.");
}
