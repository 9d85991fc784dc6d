using Failover;
using Failover.Etcd;
using Failover.Etcd.Registration;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps leases in etcd.</summary>
public static class ArbiterBuilderEtcdExtensions
{
    /// <summary>
    /// Keeps the leases in etcd, under <see cref="EtcdOptions.LeasePrefix"/>: one <see cref="EtcdLeaseStore"/> for all of an app. Its settings are those of <c>AddEtcd()</c>, which is to be called too; if they name no endpoints, or it was not
    /// called, making the arbiter throws <see cref="OptionsValidationException"/>.
    /// </summary>
    /// <param name="arbiter">The builder.</param>
    public static ArbiterBuilder UseEtcd(this ArbiterBuilder arbiter)
    {
        ArgumentNullException.ThrowIfNull(arbiter);
        string resource = arbiter.Resource;
        return arbiter.UseStore(services =>
        {
            if (services.GetService<EtcdLeaseStore>() is not { } store)
            {
                throw new OptionsValidationException(resource, typeof(EtcdOptions), [$"The lease of {resource} is to be kept in etcd, which is not registered: call AddEtcd()."]);
            }

            return services.GetRequiredService<LastGoodSection<EtcdOptions>>().Current.Endpoints.Count > 0
                ? store
                : throw new OptionsValidationException(resource, typeof(EtcdOptions), [$"Failover:Etcd:Endpoints {EtcdKeys.NoEndpoints}; the lease of {resource} is to be kept there."]);
        });
    }
}
