using Failover;
using Failover.Kubernetes;
using Failover.Kubernetes.Registration;
using k8s;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps leases in Lease objects of a Kubernetes cluster.</summary>
public static class FailoverKubernetesBuilderExtensions
{
    /// <summary>
    /// Registers Kubernetes as a place for leases: where an arbiter says <c>UseKubernetes()</c>. Its settings are <see cref="KubernetesLeaseOptions"/>: bound from <c>Failover:Kubernetes</c> where <c>AddFailover</c> was given a section, checked at
    /// start, and fixed then. The cluster is the one that the pod runs in, or kubeconfig names; an app that registers a <see cref="KubernetesClientConfiguration"/> as a service says itself which it is. May be called any number of times.
    /// </summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    public static IFailoverBuilder AddKubernetes(this IFailoverBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Services.Any(static service => service.ServiceType == typeof(KubernetesMarker)))
        {
            return builder;
        }

        builder.Services.AddSingleton<KubernetesMarker>();
        builder.Services.TryAddSingleton(static services => new KubernetesLeaseStore(
            services.GetRequiredService<LastGoodSection<KubernetesLeaseOptions>>().Current,
            services.GetService<KubernetesClientConfiguration>() ?? KubernetesClientConfiguration.BuildDefaultConfig(),
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance));
        return builder.AddSection("Kubernetes", KubernetesLeaseKeys.Table);
    }

    /// <summary>Registers Kubernetes, with settings from code. What configuration says of the same setting, this changes.</summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="configure">Changes the settings. Called each time that they are read.</param>
    public static IFailoverBuilder AddKubernetes(this IFailoverBuilder builder, Action<KubernetesLeaseOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        builder.AddKubernetes();
        builder.Services.Configure(configure);
        return builder;
    }

    /// <summary>
    /// Keeps the leases in Lease objects of Kubernetes: one <see cref="KubernetesLeaseStore"/> for all of an app. Its settings are those of <c>AddKubernetes()</c>; if that was not called, making the arbiter throws
    /// <see cref="OptionsValidationException"/>.
    /// </summary>
    /// <param name="arbiter">The builder.</param>
    public static ArbiterBuilder UseKubernetes(this ArbiterBuilder arbiter)
    {
        ArgumentNullException.ThrowIfNull(arbiter);
        string resource = arbiter.Resource;
        return arbiter.UseStore(services => services.GetService<KubernetesLeaseStore>()
            ?? throw new OptionsValidationException(resource, typeof(KubernetesLeaseOptions), [$"The lease of {resource} is to be kept in Kubernetes, which is not registered: call AddKubernetes()."]));
    }

    /// <summary>Says that Kubernetes is registered.</summary>
    private sealed class KubernetesMarker;
}
