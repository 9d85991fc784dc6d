using Microsoft.Extensions.DependencyInjection;

namespace Failover.DnsSwitching.Registration;

/// <summary>The options of one kind for groups: a section of configuration, <c>Failover:&lt;key&gt;:&lt;group&gt;</c>, and what code sets above it. One for each options type; for use while the app is set up.</summary>
internal sealed class GroupSections<TOptions>
    where TOptions : class, new()
{
    private readonly HashSet<string> _groups = new(StringComparer.OrdinalIgnoreCase);
    private readonly IServiceCollection _services;

    private GroupSections(IServiceCollection services) => _services = services;

    /// <summary>Registers the section, once.</summary>
    internal static GroupSections<TOptions> Register(IFailoverBuilder builder, string key, OptionsKeys<TOptions> keys)
    {
        IServiceCollection services = builder.Services;
        if (Find(services) is { } known)
        {
            return known;
        }

        var sections = new GroupSections<TOptions>(services);
        services.AddSingleton(sections);
        builder.AddSection(key, new OptionsKeys<GroupSection<TOptions>>().Each(static section => section.Groups, keys).Rule(sections.Check));
        return sections;
    }

    /// <summary>Returns the section that was registered.</summary>
    internal static GroupSections<TOptions> Of(IServiceCollection services) => Find(services) ?? throw new InvalidOperationException("The section was not registered.");

    /// <summary>Adds options of a group.</summary>
    /// <returns>Gives the options in force.</returns>
    internal Func<IServiceProvider, TOptions> Add(string group, Action<TOptions> configure)
    {
        _groups.Add(group);
        _services.PostConfigure<GroupSection<TOptions>>(section =>
        {
            if (!section.Groups.TryGetValue(group, out TOptions? options))
            {
                section.Groups.Add(group, options = new());
            }

            configure(options);
        });
        return provider => provider.GetRequiredService<LastGoodSection<GroupSection<TOptions>>>().Current.Groups[group];
    }

    private static GroupSections<TOptions>? Find(IServiceCollection services) =>
        services.FirstOrDefault(static service => service.ServiceType == typeof(GroupSections<TOptions>))?.ImplementationInstance as GroupSections<TOptions>;

    private void Check(GroupSection<TOptions> section, OptionsCheck check)
    {
        foreach (string name in section.Groups.Keys.Where(name => !_groups.Contains(name)))
        {
            check.Refuse(name, $"belongs to no group whose name is moved; those are {string.Join(", ", _groups.Order(StringComparer.Ordinal))}");
        }
    }
}

/// <summary>The options of one kind, by the names of their groups.</summary>
internal sealed class GroupSection<TOptions>
    where TOptions : class, new()
{
    internal IDictionary<string, TOptions> Groups { get; } = new Dictionary<string, TOptions>(StringComparer.OrdinalIgnoreCase);
}
