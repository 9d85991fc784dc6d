using Failover;
using Failover.DnsSwitching;
using Failover.DnsSwitching.Cloudflare;
using Failover.DnsSwitching.Registration;
using Failover.DnsSwitching.Rfc2136;
using Failover.DnsSwitching.Switching;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets names of DNS follow the active member of a group.</summary>
public static class FailoverDnsBuilderExtensions
{
    /// <summary>Moves a name to the active member of this group.</summary>
    /// <typeparam name="TGroup">What describes the group.</typeparam>
    /// <param name="group">The group: that of <c>AddHttpGroup(…)</c>, or another whose members stand in an order of preference.</param>
    /// <param name="name">The name that is moved: <c>shop.example.com</c>.</param>
    /// <param name="configure">Says who holds the name, and who may move it. Called at once.</param>
    /// <exception cref="InvalidOperationException">A name was given for this group before.</exception>
    public static TGroup SwitchDns<TGroup>(this TGroup group, string name, Action<DnsSwitchBuilder> configure)
        where TGroup : IGroupDescription
    {
        ArgumentNullException.ThrowIfNull(group);
        group.Services.AddFailover().SwitchDns(group.Name, name, configure);
        return group;
    }

    /// <summary>Moves a name to the active member of a group, wherever that is registered: in code or by configuration.</summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="group">The name of the group. It may be added later.</param>
    /// <param name="name">The name that is moved: <c>shop.example.com</c>.</param>
    /// <param name="configure">Says who holds the name, and who may move it. Called at once.</param>
    /// <exception cref="InvalidOperationException">A name was given for this group before.</exception>
    public static IFailoverBuilder SwitchDns(this IFailoverBuilder builder, string group, string name, Action<DnsSwitchBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(group);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(configure);
        DnsSetups setups = Setups(builder);
        var setup = new DnsSwitchBuilder(group, builder.Services);
        if (!setups.Builders.TryAdd(group, setup))
        {
            throw new InvalidOperationException($"A name that follows {group} was given before: a group moves one name.");
        }

        builder.RequireGroup(group, $"The name {name}");
        setup.Configure(options => options.Name = name);
        configure(setup);
        return builder;
    }

    /// <summary>Has the name held by a server that takes dynamic updates (RFC 2136): BIND, Knot, PowerDNS and others. Its settings stand in <c>Failover:Rfc2136:&lt;group&gt;</c>, and what code sets above them.</summary>
    /// <param name="dns">The name.</param>
    /// <param name="configure">Sets server, zone and key. Called each time that the settings are read.</param>
    public static DnsSwitchBuilder UseRfc2136(this DnsSwitchBuilder dns, Action<Rfc2136Options> configure)
    {
        ArgumentNullException.ThrowIfNull(dns);
        Func<IServiceProvider, Rfc2136Options> options = dns.AddOptions("Rfc2136", Rfc2136Keys.Table, configure);
        return dns.UseProvider(services => new Rfc2136Provider(options(services), services.GetService<TimeProvider>() ?? TimeProvider.System));
    }

    /// <summary>Has the name held by a zone at Cloudflare, and moved by its API. Its settings stand in <c>Failover:Cloudflare:&lt;group&gt;</c>, and what code sets above them.</summary>
    /// <param name="dns">The name. It must be in the zone already.</param>
    /// <param name="configure">Sets zone and token. Called each time that the settings are read.</param>
    public static DnsSwitchBuilder UseCloudflare(this DnsSwitchBuilder dns, Action<CloudflareOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(dns);
        Func<IServiceProvider, CloudflareOptions> options = dns.AddOptions("Cloudflare", CloudflareKeys.Table, configure);
        return dns.UseProvider(services => new CloudflareProvider(
            options(services),
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<DnsSwitch>()));
    }

    private static DnsSetups Setups(IFailoverBuilder builder)
    {
        IServiceCollection services = builder.Services;
        if (services.FirstOrDefault(static service => service.ServiceType == typeof(DnsSetups))?.ImplementationInstance is DnsSetups known)
        {
            return known;
        }

        DnsSetups setups = new();
        services.AddSingleton(setups);
        services.AddSingleton(static provider => new DnsSwitches(provider, provider.GetRequiredService<DnsSetups>()));
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<DnsSwitches>());
        services.TryAddKeyedSingleton(KeyedService.AnyKey, static (provider, key) => provider.GetRequiredService<DnsSwitches>().Of(
            key as string ?? throw new InvalidOperationException($"A {nameof(DnsSwitch)} is asked for by the name of its group, not by a key of type {key?.GetType()}.")));
        GroupSections<DnsSwitchOptions>.Register(builder, "Dns", DnsSwitchKeys.Table);
        builder.ConfigureGroups(static (provider, group) => provider.GetRequiredService<DnsSwitches>().AddTo(group));
        return setups;
    }
}
