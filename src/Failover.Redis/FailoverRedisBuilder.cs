using Failover.Redis.Probing;
using Failover.Redis.Registration;
using Failover.Redis.Sets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Failover.Redis;

/// <summary>Makes a <see cref="FailoverRedis"/> without a container. Not safe for use by several threads.</summary>
public sealed class FailoverRedisBuilder
{
    private readonly GroupOptions _groupOptions = new();
    private readonly List<Action<ConfigurationOptions>> _setups = [];
    private Func<CancellationToken, ValueTask<RedisCredentials?>>? _credentials;
    private Func<CancellationToken, ValueTask<RedisCredentials?>>? _sentinelCredentials;
    private ILoggerFactory? _loggers;
    private TimeProvider _time = TimeProvider.System;

    /// <summary>Initializes a builder.</summary>
    /// <param name="name">The name of the group: for logs, metrics and people.</param>
    /// <param name="connectionString">The sentinels, the name by which they know the master, and how to connect: <c>sentinel-a,sentinel-b,sentinel-c,serviceName=mymaster</c>.</param>
    public FailoverRedisBuilder(string name, string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(connectionString);
        Group = new FailoverGroupBuilder(name) { Kind = "redis" };
        Options.ConnectionString = connectionString;
        ProbeDefaults.Set(_groupOptions);
    }

    /// <summary>Gets the builder of the group: for sources of hints and the like. It has its probe when <see cref="Build"/> is called; its members are found.</summary>
    public FailoverGroupBuilder Group { get; }

    /// <summary>Gets the settings.</summary>
    public RedisGroupOptions Options { get; } = new();

    /// <summary>Changes the settings that every group has. Called at once.</summary>
    public FailoverRedisBuilder Configure(Action<GroupOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(_groupOptions);
        return this;
    }

    /// <summary>Sets up the connections as StackExchange.Redis's own options do: <see cref="RedisGroupBuilder.ConfigureConnection"/>.</summary>
    public FailoverRedisBuilder ConfigureConnection(Action<ConfigurationOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _setups.Add(configure);
        return this;
    }

    /// <summary>Gives user and password of the nodes, in place of those of the connection string: <see cref="RedisGroupBuilder.UseCredentials"/>.</summary>
    public FailoverRedisBuilder UseCredentials(Func<CancellationToken, ValueTask<RedisCredentials?>> credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        _credentials = credentials;
        return this;
    }

    /// <summary>Gives user and password of the sentinels: <see cref="RedisGroupBuilder.UseSentinelCredentials"/>.</summary>
    public FailoverRedisBuilder UseSentinelCredentials(Func<CancellationToken, ValueTask<RedisCredentials?>> credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        _sentinelCredentials = credentials;
        return this;
    }

    /// <summary>Sets where the group logs. StackExchange.Redis logs, a page for each connection, where <see cref="ConfigureConnection"/> gives it its <see cref="ConfigurationOptions.LoggerFactory"/>.</summary>
    public FailoverRedisBuilder UseLoggerFactory(ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(loggers);
        _loggers = loggers;
        return this;
    }

    /// <summary>Sets the clock.</summary>
    public FailoverRedisBuilder UseTimeProvider(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        return this;
    }

    /// <summary>Makes what follows the master. The group starts to watch when this is called.</summary>
    /// <exception cref="OptionsValidationException">Something is invalid; it names all of it.</exception>
    public FailoverRedis Build()
    {
        var check = new OptionsCheck($"Failover:Groups:{Group.Name}");
        RedisGroupKeys.Table.Check(Options, check);
        if (check.Problems.Count > 0)
        {
            throw new OptionsValidationException(Group.Name, typeof(RedisGroupOptions), check.Problems);
        }

        Action<ConfigurationOptions>[] setups = [.. _setups];
        ILoggerFactory? loggers = _loggers;
        var set = new RedisSet(Group.Name, Options, new SetParts
        {
            Time = _time,
            Loggers = loggers ?? NullLoggerFactory.Instance,
            Configure = settings => Array.ForEach(setups, setup => setup(settings)),
            Credentials = _credentials,
            SentinelCredentials = _sentinelCredentials,
        });
        Group.UseOptions(_groupOptions).UseTimeProvider(_time);
        if (loggers is not null)
        {
            Group.UseLoggerFactory(loggers);
        }

        FailoverGroup? group = null;
        set.AddTo(Group, () => group!);
        group = Group.Build();
        return new FailoverRedis(group, set, ownsGroup: true);
    }
}
