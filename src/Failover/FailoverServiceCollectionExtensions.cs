using Failover;
using Failover.Groups;
using Failover.Registration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Failover.</summary>
public static class FailoverServiceCollectionExtensions
{
    /// <summary>
    /// Registers Failover without configuration; groups are added in code. May be called any number of times.
    /// </summary>
    /// <remarks>
    /// Gives <see cref="FailoverGroups"/>, each group as a keyed service (<c>[FromKeyedServices("orders")] FailoverGroup</c>), and a hosted service that checks all settings, starts the
    /// groups before other hosted services start, and ends them after all of those have stopped. Without a host, each group is checked when it is made and starts on its first use.
    /// </remarks>
    public static IFailoverBuilder AddFailover(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var registrations = Registrations.Of(services);
        if (registrations is null)
        {
            registrations = new Registrations();
            services.AddSingleton(registrations);
            services.AddOptions();
            services.AddSingleton(provider => new GroupRegistry(provider, registrations));
            services.AddSingleton(static provider => new FailoverGroups(provider.GetRequiredService<GroupRegistry>()));
            services.AddKeyedSingleton(KeyedService.AnyKey, static (provider, key) => provider.GetRequiredService<FailoverGroups>()[
                key as string ?? throw new InvalidOperationException($"A failover group is asked for by its name, not by a key of type {key?.GetType()}.")]);
            services.AddHostedService<GroupsHostedService>();
            services.AddSingleton<IConfigureOptions<GroupOptions>>(new KindDefaults(registrations));
            registrations.AddOptions(services, GroupOptionsKeys.Table);
            registrations.AddLeases(services);
        }

        return new FailoverBuilder(services, registrations);
    }

    /// <summary>
    /// Registers Failover with configuration: <c>Groups:&lt;name&gt;</c> of the section holds a group's settings, and its <c>Kind</c> where it is not added in code.
    /// </summary>
    /// <param name="services">The services of the app.</param>
    /// <param name="section">The section, e.g. <c>builder.Configuration.GetSection("Failover")</c>. It is read when the app starts, so that sources may be added later, and again when it changes.</param>
    /// <exception cref="InvalidOperationException">Another section was given before.</exception>
    /// <inheritdoc cref="AddFailover(IServiceCollection)" path="/remarks"/>
    public static IFailoverBuilder AddFailover(this IServiceCollection services, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        IFailoverBuilder builder = services.AddFailover();
        Registrations.Of(services)!.UseConfiguration(section);
        return builder;
    }
}
