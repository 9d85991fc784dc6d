using Failover.Configuration;
using Failover.Groups;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Failover.Registration;

/// <summary>What was registered: the section, the kinds and the groups added in code. One for each service collection; not changed once a provider is built.</summary>
internal sealed class Registrations
{
    private readonly Dictionary<string, GroupDefinition> _groups = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, GroupKind> _kinds = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<Type> _options = [];
    private readonly Dictionary<Type, Func<IServiceProvider, Action, ILogger, SectionEntry>> _sections = [];
    private readonly List<(string Group, string User)> _required = [];
    private readonly List<Func<IEnumerable<(string Group, string User)>>> _requiredLater = [];
    private readonly List<Action<IServiceProvider, FailoverGroupBuilder>> _additions = [];
    private readonly List<ArbiterBuilder> _leaseGates = [];
    private readonly List<string> _gates = [];
    private readonly List<(string Gate, string User)> _requiredGates = [];

    internal IConfigurationSection? Configuration { get; private set; }

    internal IReadOnlyDictionary<string, GroupDefinition> Groups => _groups;

    internal IReadOnlyDictionary<string, GroupKind> Kinds => _kinds;

    /// <summary>Gets how the sections beside <c>Groups</c> are made, by their options type.</summary>
    internal IReadOnlyDictionary<Type, Func<IServiceProvider, Action, ILogger, SectionEntry>> Sections => _sections;

    /// <summary>Gets which groups are used by name, and by whom.</summary>
    internal IEnumerable<(string Group, string User)> Required => _required.Concat(_requiredLater.SelectMany(static later => later()))
        .Concat(_leaseGates.SelectMany(static gate => gate.RequiredGroups.Select(group => (group, $"The lease of '{gate.Resource}'"))));

    /// <summary>Gets whether anything beside groups was registered that Failover is there for.</summary>
    internal bool HasOthers => _gates.Count > 0 || _sections.Count > 1;

    /// <summary>Gets what is added to every group that is made.</summary>
    internal IReadOnlyList<Action<IServiceProvider, FailoverGroupBuilder>> Additions => _additions;

    /// <summary>Gets what every group has, whatever its kind.</summary>
    internal GroupPart Common { get; } = new GroupPart<GroupOptions>(
        GroupOptionsKeys.Table,
        static (_, builder, options) => builder.UseOptions(options),
        static (_, group, options) => group.Reconfigure(options));

    /// <summary>Gets the section that holds the groups.</summary>
    internal IConfigurationSection? GroupsSection => Configuration?.GetSection("Groups");

    internal static Registrations? Of(IServiceCollection services) =>
        services.FirstOrDefault(static one => one.ServiceType == typeof(Registrations) && !one.IsKeyedService)?.ImplementationInstance as Registrations;

    internal static Registrations Of(IFailoverBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return Of(builder.Services) ?? throw new InvalidOperationException("AddFailover() was not called on these services.");
    }

    internal IConfigurationSection? SectionOf(string group) => GroupsSection?.GetSection(group);

    /// <summary>Returns the full key of a group: what its messages begin with.</summary>
    internal string PathOf(string group) => SectionOf(group)?.Path ?? $"Failover:Groups:{group}";

    /// <summary>Returns the full key of a section beside <c>Groups</c>.</summary>
    internal string PathOfSection(string key) => Configuration?.GetSection(key).Path ?? $"Failover:{key}";

    internal void UseConfiguration(IConfigurationSection section)
    {
        if (Configuration is { } before && !string.Equals(before.Path, section.Path, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException($"AddFailover was given the section '{before.Path}' before, and now '{section.Path}': all groups stand in one section.");
        }

        Configuration ??= section;
    }

    internal void Require(string group, string user) => _required.Add((group, user));

    /// <summary>Gets the names of the gates.</summary>
    internal IEnumerable<string> Gates => _gates;

    /// <summary>Gets which gates are used by name, and by whom.</summary>
    internal IEnumerable<(string Gate, string User)> RequiredGates => _requiredGates;

    internal void RequireGate(string gate, string user) => _requiredGates.Add((gate, user));

    internal void Require(Func<IEnumerable<(string Group, string User)>> required) => _requiredLater.Add(required);

    internal void AddToGroups(Action<IServiceProvider, FailoverGroupBuilder> configure) => _additions.Add(configure);

    /// <summary>Adds a gate over a lease.</summary>
    internal void AddGate(ArbiterBuilder gate)
    {
        AddGate(gate.Resource);
        _leaseGates.Add(gate);
    }

    /// <summary>Adds a gate, whatever it goes by.</summary>
    internal void AddGate(string name)
    {
        ThrowIfNoName(name, "gate");
        if (_gates.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException($"A gate '{name}' was added before; names are compared without regard to case.");
        }

        _gates.Add(name);
    }

    /// <summary>Adds the settings of leases: of gates, and of groups that have an arbiter.</summary>
    internal void AddLeases(IServiceCollection services) =>
        AddSection(services, "Leases", LeasesOptions.Keys(_leaseGates, () => _groups.Keys.Concat(GroupsSection?.GetChildren().Select(static group => group.Key) ?? [])));

    internal void AddGroup(string name, string? kind, Action<IServiceProvider, FailoverGroupBuilder>? configure)
    {
        ThrowIfNoName(name, "group");
        GroupKind? found = null;
        if (kind is not null && !_kinds.TryGetValue(kind, out found))
        {
            throw new InvalidOperationException($"The group '{name}' cannot be added: {KindNames.Unknown(kind, _kinds.Keys)}.");
        }

        if (_groups.TryGetValue(name, out GroupDefinition? before))
        {
            throw new InvalidOperationException($"A failover group '{before.Name}' was added before, of kind {KindNames.Of(before)}; names are compared without regard to case.");
        }

        _groups.Add(name, new GroupDefinition(name, found, configure));
    }

    internal void AddKind<TOptions>(
        IServiceCollection services,
        string kind,
        OptionsKeys<TOptions> keys,
        Action<IServiceProvider, FailoverGroupBuilder, TOptions> build,
        Action<IServiceProvider, FailoverGroup, TOptions> change,
        Action<GroupOptions>? defaults)
        where TOptions : class, new()
    {
        if (_kinds.TryAdd(kind, new GroupKind(kind, new GroupPart<TOptions>(keys, build, change), defaults)))
        {
            AddOptions(services, keys);
        }
    }

    /// <summary>Returns the kind of a group, if it is known: by code, or by its section.</summary>
    internal GroupKind? KindOf(string group) =>
        _groups.TryGetValue(group, out GroupDefinition? inCode) ? inCode.Kind
        : SectionOf(group)?["Kind"]?.Trim() is { } kind ? _kinds.GetValueOrDefault(kind)
        : null;

    /// <summary>Registers an options type, once: bound and checked by its keys.</summary>
    internal void AddOptions<TOptions>(IServiceCollection services, OptionsKeys<TOptions> keys)
        where TOptions : class, new()
    {
        if (_options.Add(typeof(TOptions)))
        {
            Configure(services, new ConfiguredOptions<TOptions>(keys, group => group.Length == 0 ? null : SectionOf(group), PathOf));
            services.AddSingleton(static provider => new LastGoodOptions<TOptions>(provider.GetRequiredService<GroupRegistry>()));
        }
    }

    /// <summary>Registers a section beside <c>Groups</c>, once.</summary>
    internal void AddSection<TOptions>(IServiceCollection services, string key, OptionsKeys<TOptions> keys)
        where TOptions : class, new()
    {
        if (!_options.Add(typeof(TOptions)))
        {
            return;
        }

        Configure(services, new ConfiguredOptions<TOptions>(keys, _ => Configuration?.GetSection(key), _ => PathOfSection(key)));
        services.AddSingleton(static provider => new LastGoodSection<TOptions>((SectionEntry<TOptions>)provider.GetRequiredService<GroupRegistry>().Section(typeof(TOptions))));
        _sections.Add(typeof(TOptions), (provider, checkAll, logger) => new SectionEntry<TOptions>(key, keys, this, provider, checkAll, logger));
    }

    private static void ThrowIfNoName(string name, string what)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Contains(':', StringComparison.Ordinal))
        {
            throw new ArgumentException($"The name of a {what} must not hold a colon, which separates keys in configuration: '{name}'.", nameof(name));
        }
    }

    private static void Configure<TOptions>(IServiceCollection services, ConfiguredOptions<TOptions> configured)
        where TOptions : class, new()
    {
        services.AddSingleton<IConfigureOptions<TOptions>>(configured);
        services.AddSingleton<IValidateOptions<TOptions>>(configured);
    }
}
