using Failover;
using Failover.Keepalived;
using Failover.Keepalived.Gates;
using Failover.Keepalived.Registration;
using Failover.Keepalived.Sites;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers virtual addresses that keepalived holds.</summary>
public static class FailoverKeepalivedBuilderExtensions
{
    /// <summary>The kind, as it is written in configuration.</summary>
    private const string Kind = "Keepalived";

    /// <summary>
    /// Registers the kind <c>Keepalived</c>: each group of the configuration with <c>Kind: Keepalived</c> is made of its <see cref="KeepalivedOptions"/>, and has a <see cref="KeepalivedSite"/> as a keyed service of its name. It needs <c>AddPeers()</c> of
    /// Failover.HealthChecks, which is missed at start. May be called any number of times.
    /// </summary>
    /// <param name="builder">What <c>AddFailover(section)</c> returned.</param>
    public static IFailoverBuilder AddKeepalived(this IFailoverBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        if (!services.Any(static service => service.ServiceType == typeof(KeepalivedSites)))
        {
            services.AddSingleton(static provider => new KeepalivedSites(provider));
            services.AddSingleton<INodeClaims>(static provider => provider.GetRequiredService<KeepalivedSites>());
            services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<KeepalivedSites>());
            services.TryAddKeyedSingleton(KeyedService.AnyKey, static (provider, key) => provider.GetRequiredService<KeepalivedSites>().Of(
                key as string ?? throw new InvalidOperationException($"A {nameof(KeepalivedSite)} is asked for by the name of its group, not by a key of type {key?.GetType()}.")));
        }

        return builder.AddKind(
            Kind,
            KeepalivedKeys.Table,
            static (provider, group, options) => provider.GetRequiredService<KeepalivedSites>().Make(group, options),
            static (_, _, _) => { },
            SiteDefaults.Set);
    }

    /// <summary>Adds a virtual address: this node and its peer, of which keepalived has one hold it. What code sets stands over what configuration says of the group.</summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="name">The name, the same on both nodes: for logs, metrics, people and dependency injection. Without a colon; compared without regard to case.</param>
    /// <param name="configure">Sets the address, the name of the peer and what else is not as by default. Checked when the app starts.</param>
    /// <exception cref="InvalidOperationException">A group of this name was added before.</exception>
    public static IFailoverBuilder AddKeepalived(this IFailoverBuilder builder, string name, Action<KeepalivedOptions> configure) => builder.AddKeepalived(name, configure, static _ => { });

    /// <summary>Adds a virtual address, with parts that only code can give: <see cref="AddKeepalived(IFailoverBuilder, string, Action{KeepalivedOptions})"/>.</summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="name">The name, the same on both nodes: for logs, metrics, people and dependency injection. Without a colon; compared without regard to case.</param>
    /// <param name="configure">Sets the address, the name of the peer and what else is not as by default. Checked when the app starts.</param>
    /// <param name="more">Gives a witness, and settings that every group has. Called at once.</param>
    /// <exception cref="InvalidOperationException">A group of this name was added before.</exception>
    public static IFailoverBuilder AddKeepalived(this IFailoverBuilder builder, string name, Action<KeepalivedOptions> configure, Action<KeepalivedGroupBuilder> more)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        ArgumentNullException.ThrowIfNull(more);
        builder.AddKeepalived().AddGroup(name, Kind);
        builder.Services.Configure(name, configure);
        more(new KeepalivedGroupBuilder(name, builder.Services));
        return builder;
    }

    /// <summary>
    /// Adds a gate that lets this process pass while this node holds a virtual address: for <c>AddPrimaryService</c>, or as a keyed <see cref="IPrimaryGate"/>. It has no fencing token, and while both nodes hold the address both pass: what must never be done twice needs a
    /// lease, see <see cref="AddKeepalivedGate(IFailoverBuilder, string, string, string)"/>.
    /// </summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="name">The name of the gate. Without a colon.</param>
    /// <param name="group">The name of the group. It may be added later.</param>
    /// <exception cref="InvalidOperationException">A gate of this name was added before.</exception>
    public static IFailoverBuilder AddKeepalivedGate(this IFailoverBuilder builder, string name, string group) => AddGate(builder, name, group, null);

    /// <summary>Adds a gate that lets this process pass while this node holds a virtual address and a lease: one at a time, with the token of the lease.</summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="name">The name of the gate. Without a colon.</param>
    /// <param name="group">The name of the group. It may be added later.</param>
    /// <param name="leaseGate">The name of a gate over a lease, which <c>AddPrimaryGate</c> adds. It may be added later.</param>
    /// <exception cref="InvalidOperationException">A gate of this name was added before.</exception>
    public static IFailoverBuilder AddKeepalivedGate(this IFailoverBuilder builder, string name, string group, string leaseGate)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(leaseGate);
        builder.RequireGate(leaseGate, $"The gate '{name}'");
        return AddGate(builder, name, group, leaseGate);
    }

    private static IFailoverBuilder AddGate(IFailoverBuilder builder, string name, string group, string? leaseGate)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(group);
        return builder.AddKeepalived().RequireGroup(group, $"The gate '{name}'").AddPrimaryGate(name, services => new AddressGate(
            name,
            new SiteAddress(services.GetRequiredService<KeepalivedSites>().RunOf(group)),
            leaseGate is null ? null : services.GetRequiredKeyedService<IPrimaryGate>(leaseGate)).Start());
    }
}
