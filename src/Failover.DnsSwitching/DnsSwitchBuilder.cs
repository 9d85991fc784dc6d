using Failover.DnsSwitching.Registration;
using Microsoft.Extensions.DependencyInjection;

namespace Failover.DnsSwitching;

/// <summary>Says who holds the name that follows a group, and who may move it. Packages add who holds it: <c>UseRfc2136(…)</c>, <c>UseRoute53(…)</c>. For use while the app is set up, on one thread.</summary>
public sealed class DnsSwitchBuilder
{
    internal DnsSwitchBuilder(string group, IServiceCollection services) => (Group, Services) = (group, services);

    /// <summary>Gets the name of the group.</summary>
    public string Group { get; }

    /// <summary>Gets the services of the app.</summary>
    public IServiceCollection Services { get; }

    internal Func<IServiceProvider, IDnsProvider>? Provider { get; private set; }

    internal Action<ArbiterBuilder>? Arbiter { get; private set; }

    /// <summary>Says who holds the name. The last call counts.</summary>
    /// <param name="create">Makes the provider. Called once, when the group is made; it is disposed of with the container.</param>
    public DnsSwitchBuilder UseProvider(Func<IServiceProvider, IDnsProvider> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        Provider = create;
        return this;
    }

    /// <summary>
    /// Says which host may move the name: the holder of the group's lease; its settings stand in <c>Failover:Leases:&lt;group&gt;</c>. Its token is written beside the name, and a host with a lower one is refused. Without it each host
    /// moves the name by what it sees alone, and only the provider's compare-and-swap keeps two from moving it at once.
    /// </summary>
    /// <param name="configure">Says where the leases are kept: <c>UseEtcd()</c> and its like.</param>
    public DnsSwitchBuilder UseArbiter(Action<ArbiterBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Arbiter = configure;
        return this;
    }

    /// <summary>Changes the settings of the name. It stands over what configuration says in <c>Failover:Dns:&lt;group&gt;</c>.</summary>
    /// <param name="configure">Changes them. Called each time that they are read.</param>
    public DnsSwitchBuilder Configure(Action<DnsSwitchOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        GroupSections<DnsSwitchOptions>.Of(Services).Add(Group, configure);
        return this;
    }

    /// <summary>Registers the settings of a provider, <c>Failover:&lt;key&gt;:&lt;group&gt;</c>: checked when the app starts with all others. For packages.</summary>
    /// <typeparam name="TOptions">The options of the provider.</typeparam>
    /// <param name="key">The name of the section: <c>Rfc2136</c>.</param>
    /// <param name="keys">The keys of the options, and what they allow.</param>
    /// <param name="configure">Changes the options; it stands over configuration. Called each time that they are read.</param>
    /// <returns>Gives the options in force, to be called when the provider is made or later.</returns>
    public Func<IServiceProvider, TOptions> AddOptions<TOptions>(string key, OptionsKeys<TOptions> keys, Action<TOptions> configure)
        where TOptions : class, new()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(configure);
        return GroupSections<TOptions>.Register(Services.AddFailover(), key, keys).Add(Group, configure);
    }
}
