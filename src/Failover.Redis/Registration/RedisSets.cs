using System.Collections.Concurrent;
using Failover.Redis.Sets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace Failover.Redis.Registration;

/// <summary>The sets of a container, each made once, and ended with it. Safe for any thread.</summary>
internal sealed class RedisSets(IServiceProvider services) : IAsyncDisposable, IDisposable
{
    private readonly ConcurrentDictionary<string, RedisSet> _sets = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Lazy<FailoverRedis>> _made = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes what a group is made of. Called once for each, when the group is made.</summary>
    internal RedisSet Make(string group, RedisGroupOptions options)
    {
        ConnectionSetup[] setups = [.. services.GetKeyedServices<ConnectionSetup>(group)];
        ILoggerFactory? loggers = services.GetService<ILoggerFactory>();
        CredentialsSetup? credentials = services.GetKeyedService<CredentialsSetup>(group);
        SentinelCredentialsSetup? sentinelCredentials = services.GetKeyedService<SentinelCredentialsSetup>(group);
        return _sets[group] = new RedisSet(group, options, new SetParts
        {
            Time = services.GetService<TimeProvider>() ?? TimeProvider.System,
            Loggers = loggers ?? NullLoggerFactory.Instance,
            Configure = settings => Array.ForEach(setups, setup => setup.Configure(services, settings)),
            Credentials = credentials is null ? null : token => credentials.Give(services, token),
            SentinelCredentials = sentinelCredentials is null ? null : token => sentinelCredentials.Give(services, token),
        });
    }

    internal RedisSet Find(string group) => _sets[group];

    /// <summary>Gets the names of the groups of this kind.</summary>
    internal IEnumerable<string> Names => services.GetRequiredService<FailoverGroups>().Select(static group => group.Name).Where(_sets.ContainsKey);

    /// <summary>Returns what follows the master of a group.</summary>
    /// <exception cref="InvalidOperationException">The group is of another kind.</exception>
    internal FailoverRedis Of(string name)
    {
        FailoverGroup group = services.GetRequiredService<FailoverGroups>()[name];
        return _made.GetOrAdd(group.Name, _ => new(() => _sets.TryGetValue(group.Name, out RedisSet? set)
            ? new FailoverRedis(group, set, ownsGroup: false)
            : throw new InvalidOperationException($"The failover group '{group.Name}' is of kind {group.Kind}: only a group of kind Redis has a {nameof(FailoverRedis)}."))).Value;
    }

    /// <summary>Returns what follows the master of the only group that has one.</summary>
    internal FailoverRedis Only() => Names.ToArray() switch
    {
        [var only] => Of(only),
        [] => throw new InvalidOperationException("No group of kind Redis is registered: call AddFailover().AddRedis(name, connectionString)."),
        var names => throw new InvalidOperationException($"There are {names.Length} groups of kind Redis ({string.Join(", ", names)}): say which, with [FromKeyedServices(\"{names[0]}\")]."),
    };

    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<FailoverRedis> made in _made.Values.Where(static made => made.IsValueCreated))
        {
            await made.Value.DisposeAsync().ConfigureAwait(false);
        }

        foreach (RedisSet set in _sets.Values)
        {
            await set.DisposeAsync().ConfigureAwait(false);
        }
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();
}

/// <summary>What the app sets up on the connections of a group.</summary>
internal sealed record ConnectionSetup(Action<IServiceProvider, ConfigurationOptions> Configure);

/// <summary>Who gives user and password of the nodes of a group.</summary>
internal sealed record CredentialsSetup(Func<IServiceProvider, CancellationToken, ValueTask<RedisCredentials?>> Give);

/// <summary>Who gives user and password of the sentinels of a group.</summary>
internal sealed record SentinelCredentialsSetup(Func<IServiceProvider, CancellationToken, ValueTask<RedisCredentials?>> Give);
