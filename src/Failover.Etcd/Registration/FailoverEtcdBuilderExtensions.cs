using Failover;
using Failover.Etcd;
using Failover.Etcd.Registration;
using Failover.Etcd.Watching;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Wakes groups up when keys of etcd change, and says where etcd is for leases.</summary>
public static class FailoverEtcdBuilderExtensions
{
    private const string Section = "Etcd";

    /// <summary>
    /// Registers etcd. Its settings are <see cref="EtcdOptions"/>: bound from <c>Failover:Etcd</c> where <c>AddFailover</c> was given a section, checked at start, and read again when the configuration changes. Each group that
    /// <see cref="EtcdOptions.Watch"/> names, of whatever kind, looks at its members when its key changes. Leases are kept there where an arbiter says <c>UseEtcd()</c>. May be called any number of times.
    /// </summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    public static IFailoverBuilder AddEtcd(this IFailoverBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Services.Any(static service => service.ServiceType == typeof(EtcdMarker)))
        {
            return builder;
        }

        builder.Services.AddSingleton<EtcdMarker>();
        builder.Services.TryAddSingleton(static services =>
        {
            LastGoodSection<EtcdOptions> etcd = services.GetRequiredService<LastGoodSection<EtcdOptions>>();
            return new EtcdLeaseStore(() => etcd.Current, services.GetService<TimeProvider>() ?? TimeProvider.System, services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance);
        });
        return builder
            .AddSection(Section, EtcdKeys.Table)
            .RequireGroups(() => builder.Configuration?.GetSection($"{Section}:Watch").GetChildren().Select(static watch => (watch.Key, watch.Path)) ?? [])
            .ConfigureGroups(static (services, group) =>
            {
                LastGoodSection<EtcdOptions> etcd = services.GetRequiredService<LastGoodSection<EtcdOptions>>();
                if (KeyOf(etcd.Current, group.Name) is { } key)
                {
                    // A key that a reload takes away is watched until the app is started again, as one that it adds is not watched before.
                    group.AddHintSource((time, loggers) => new KeyWatch(
                        () => etcd.Current is var options && KeyOf(options, group.Name) is { } now ? new(options, now) : new(options, key),
                        loggers.CreateLogger("Failover.Etcd"),
                        time));
                }
            });
    }

    /// <summary>Registers etcd, with settings from code. What configuration says of the same setting, this changes.</summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="configure">Changes the settings. Called each time that they are read.</param>
    /// <inheritdoc cref="AddEtcd(IFailoverBuilder)" path="/remarks"/>
    public static IFailoverBuilder AddEtcd(this IFailoverBuilder builder, Action<EtcdOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        builder.AddEtcd();
        builder.Services.Configure(configure);
        return builder;
    }

    /// <summary>Lets a group look at its members as soon as a key of etcd changes hands. Calls <see cref="AddEtcd(IFailoverBuilder)"/> itself.</summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="group">The name of the group, of whatever kind. It may be registered later.</param>
    /// <param name="key">The key: <c>/service/shop/leader</c>.</param>
    public static IFailoverBuilder AddEtcdWatch(this IFailoverBuilder builder, string group, string key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(group);
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        return builder.AddEtcd(options => options.Watch[group] = key).RequireGroup(group, $"The watch on {key} of etcd");
    }

    /// <summary>Lets a group look at its members as soon as Patroni's leader key changes hands: <c>/service/&lt;scope&gt;/leader</c>. Calls <see cref="AddEtcd(IFailoverBuilder)"/> itself.</summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="group">The name of the group. It may be registered later.</param>
    /// <param name="scope">The cluster's name: <c>scope</c> in patroni.yml.</param>
    public static IFailoverBuilder WatchPatroniLeader(this IFailoverBuilder builder, string group, string scope) => builder.AddEtcdWatch(group, PatroniKeys.Leader(scope));

    /// <summary>Lets a group look at its members as soon as Patroni's leader key changes hands: <c>/&lt;namespace&gt;/&lt;scope&gt;/leader</c>. Calls <see cref="AddEtcd(IFailoverBuilder)"/> itself.</summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="group">The name of the group. It may be registered later.</param>
    /// <param name="scope">The cluster's name: <c>scope</c> in patroni.yml.</param>
    /// <param name="namespace">Where Patroni keeps its keys: <c>namespace</c> in patroni.yml.</param>
    public static IFailoverBuilder WatchPatroniLeader(this IFailoverBuilder builder, string group, string scope, string @namespace) =>
        builder.AddEtcdWatch(group, PatroniKeys.Leader(scope, @namespace));

    private static string? KeyOf(EtcdOptions options, string group)
    {
        foreach ((string name, string key) in options.Watch)
        {
            if (string.Equals(name, group, StringComparison.OrdinalIgnoreCase))
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>Says that etcd is registered.</summary>
    private sealed class EtcdMarker;
}
