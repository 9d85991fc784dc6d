using System.Net;
using Failover.Redis.Names;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace Failover.Redis;

/// <summary>Lets a multiplexer follow the names of its servers.</summary>
public static class RedisFollowDnsExtensions
{
    /// <summary>
    /// Lets the multiplexer that is made with these options connect to where the names of its servers lead, by the last good addresses while DNS is away; connections that lead elsewhere after a name has moved are cut, and made anew at once. A command that is on its
    /// way then fails, and whether it was executed is not known. For a multiplexer that lives as long as the app. Groups of <c>AddRedis</c> need none of this: they follow their sentinels.
    /// </summary>
    /// <remarks>With <c>resolveDns=true</c> the multiplexer keeps the addresses that it found at first, and nothing can be followed: a warning says so.</remarks>
    /// <param name="options">The options. Their <see cref="ConfigurationOptions.Tunnel"/> is set.</param>
    /// <param name="services">The services of the app, where <c>AddFailover().AddDnsFollower()</c> of Failover.DnsSwitching was called.</param>
    /// <exception cref="InvalidOperationException">It was not; or the options have a tunnel already.</exception>
    public static ConfigurationOptions FollowDns(this ConfigurationOptions options, IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(services);
        INameFollower follower = services.GetService<INameFollower>()
            ?? throw new InvalidOperationException("Names of Redis are to be followed, but nobody watches them: call AddFailover().AddDnsFollower(), of the package Failover.DnsSwitching.");
        if (options.Tunnel is not null)
        {
            throw new InvalidOperationException($"The connections go through a {options.Tunnel.GetType().Name} already: where that leads, it knows itself.");
        }

        ILogger logger = services.GetService<ILoggerFactory>()?.CreateLogger("Failover.Redis") ?? NullLogger.Instance;
        if (options.ResolveDns)
        {
            Log.PinsAddresses(logger);
        }

        var tunnel = new NameTunnel(() => [.. options.EndPoints.OfType<DnsEndPoint>().Select(static server => server.Host)], follower, logger);
        options.Tunnel = tunnel;
        follower.Follow(tunnel);
        return options;
    }
}
