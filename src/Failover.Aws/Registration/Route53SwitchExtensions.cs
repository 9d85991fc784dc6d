using Amazon.Runtime;
using Failover;
using Failover.Aws;
using Failover.Aws.Registration;
using Failover.DnsSwitching;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets names of Route 53 follow the active member of a group.</summary>
public static class Route53SwitchExtensions
{
    /// <summary>
    /// Has the name held by a hosted zone of Route 53, and moved by one batch that deletes what was there and creates what is to be. Its settings stand in <c>Failover:Route53:&lt;group&gt;</c>, and what code sets above them; those of AWS in <c>Failover:Aws</c>.
    /// A move needs AWS's control plane, which is in one region: where a health check can decide, <see cref="Route53FailoverPair"/> needs none.
    /// </summary>
    /// <param name="dns">The name.</param>
    /// <param name="configure">Sets the hosted zone. Called each time that the settings are read.</param>
    public static DnsSwitchBuilder UseRoute53(this DnsSwitchBuilder dns, Action<Route53Options> configure)
    {
        ArgumentNullException.ThrowIfNull(dns);
        dns.Services.AddFailover().AddAws();
        Func<IServiceProvider, Route53Options> options = dns.AddOptions("Route53", AwsKeysTable.Route53, configure);
        return dns.UseProvider(services => new Route53Provider(
            options(services),
            services.GetRequiredService<LastGoodSection<AwsOptions>>().Current,
            services.GetService<AWSCredentials>(),
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance));
    }
}
