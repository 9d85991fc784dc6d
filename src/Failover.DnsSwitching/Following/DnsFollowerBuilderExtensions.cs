using System.Net;
using System.Security.Cryptography;
using Failover;
using Failover.DnsSwitching;
using Failover.DnsSwitching.Following;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets clients follow names of DNS that move.</summary>
public static class DnsFollowerBuilderExtensions
{
    private const int Chances = 1 << 20;

    /// <summary>
    /// Watches where names lead that pools hold connections to, and moves those pools when a name leads elsewhere: HTTP clients with <c>FollowDns()</c>, and what other packages register. Settings stand in <c>Failover:DnsFollower</c>
    /// (<see cref="DnsFollowerOptions"/>); a bad value stops the start, a bad reload changes nothing. May be called any number of times.
    /// </summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    public static IFailoverBuilder AddDnsFollower(this IFailoverBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        if (services.Any(static one => one.ServiceType == typeof(DnsFollower)))
        {
            return builder;
        }

        builder.AddSection(DnsFollowerKeys.Section, DnsFollowerKeys.Table);
        services.AddSingleton(static provider =>
        {
            var options = provider.GetRequiredService<LastGoodSection<DnsFollowerOptions>>();

            // What is wrong is told here, where there is no host, and not in a loop that nobody waits for.
            _ = options.Current;
            return new DnsFollower(() => options.Current, provider.GetService<TimeProvider>() ?? TimeProvider.System, DnsFollowerStart.LoggerOf(provider), Chance, Dns.GetHostAddressesAsync);
        });
        services.TryAddSingleton<INameFollower>(static provider => provider.GetRequiredService<DnsFollower>());
        services.AddHostedService<DnsFollowerStart>();
        return builder;
    }

    /// <inheritdoc cref="AddDnsFollower(IFailoverBuilder)"/>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="configure">Sets options in code; they stand over those of the configuration.</param>
    public static IFailoverBuilder AddDnsFollower(this IFailoverBuilder builder, Action<DnsFollowerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        builder.AddDnsFollower();
        builder.Services.Configure(configure);
        return builder;
    }

    /// <summary>
    /// Lets this client follow the names it sends requests to: once a name leads elsewhere, new requests go there over new connections, and those on their way end over the old ones. It connects to the last good addresses while DNS is away. Calls <c>AddDnsFollower()</c>.
    /// </summary>
    /// <remarks>
    /// The primary handler must be a <see cref="SocketsHttpHandler"/>, which is what the factory makes, else a warning says that nothing is followed. It is not used itself, but copies of it; a <see cref="SocketsHttpHandler.ConnectCallback"/> of yours is kept, and
    /// connects where it wants to. Up to 64 names a client are followed. In <c>ConfigureHttpClientDefaults</c> it holds for every client of the app.
    /// </remarks>
    /// <param name="builder">The client's builder.</param>
    public static IHttpClientBuilder FollowDns(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddFailover().AddDnsFollower();
        builder.Services.AddSingleton<IPostConfigureOptions<HttpClientFactoryOptions>>(new FollowedClient(builder.Name));
        return builder;
    }

    private static double Chance() => (double)RandomNumberGenerator.GetInt32(Chances + 1) / Chances;
}
