using Failover.Redis.Registration;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Failover.Redis;

/// <summary>Says in code what a Redis group is made of. What configuration says of the same group stands under it.</summary>
public sealed class RedisGroupBuilder
{
    internal RedisGroupBuilder(string name, IServiceCollection services) => (Name, Services) = (name, services);

    /// <summary>Gets the name of the group.</summary>
    public string Name { get; }

    /// <summary>Gets the services of the app.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Changes the settings of the group's kind.</summary>
    public RedisGroupBuilder Options(Action<RedisGroupOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.Configure(Name, configure);
        return this;
    }

    /// <summary>Changes the settings that every group has: thresholds, intervals, epochs.</summary>
    public RedisGroupBuilder Configure(Action<GroupOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.Configure(Name, configure);
        return this;
    }

    /// <summary>
    /// Sets up the connections as StackExchange.Redis's own options do, after the connection string was read: timeouts, <see cref="ConfigurationOptions.SslClientAuthenticationOptions"/>, a channel prefix. Where the connection leads, its tunnel, its retry policy and its
    /// protocol's hand-off are set afterwards by the group.
    /// </summary>
    public RedisGroupBuilder ConfigureConnection(Action<ConfigurationOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.AddKeyedSingleton(Name, new ConnectionSetup((_, options) => configure(options)));
        return this;
    }

    /// <summary>Gives user and password of the nodes, in place of those of the connection string: asked for each new connection, so that they may change.</summary>
    /// <param name="credentials">Gives them; null for none. What it throws makes the connection fail. Called by several connections at the same time.</param>
    public RedisGroupBuilder UseCredentials(Func<IServiceProvider, CancellationToken, ValueTask<RedisCredentials?>> credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        Services.AddKeyedSingleton(Name, new CredentialsSetup(credentials));
        return this;
    }

    /// <summary>Gives user and password of the sentinels: <see cref="UseCredentials"/>.</summary>
    /// <param name="credentials">Gives them; null for none.</param>
    public RedisGroupBuilder UseSentinelCredentials(Func<IServiceProvider, CancellationToken, ValueTask<RedisCredentials?>> credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        Services.AddKeyedSingleton(Name, new SentinelCredentialsSetup(credentials));
        return this;
    }
}
