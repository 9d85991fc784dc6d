using System.Collections.Frozen;
using Failover.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Failover.Registration;

/// <summary>The groups of one container: which there are, all that is wrong with them at start, and what a change of the configuration does to them.</summary>
internal sealed class GroupRegistry : IAsyncDisposable, IDisposable
{
    private readonly Registrations _registrations;
    private readonly ILogger _logger;
    private readonly IServiceProviderIsKeyedService? _services;
    private readonly FrozenDictionary<string, GroupEntry> _entries;
    private readonly FrozenDictionary<Type, SectionEntry> _sections;
    private readonly HashSet<string> _strangers = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _changing = new();
    private readonly Lock _ending = new();
    private readonly IDisposable? _following;
    private readonly FileFaults? _fileFaults;
    private bool _wasThere;
    private string? _unreadable;
    private bool _isIgnored;
    private Task? _ended;
    private volatile bool _checked;

    internal GroupRegistry(IServiceProvider services, Registrations registrations)
    {
        _registrations = registrations;
        _services = services.GetService<IServiceProviderIsKeyedService>();
        _logger = (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<FailoverGroups>();
        var rules = new GroupRules(registrations);
        _entries = registrations.Groups.Keys
            .Concat(ConfiguredNames())
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(name => name, name => new GroupEntry(name, services, rules, CheckOnce, _logger), StringComparer.OrdinalIgnoreCase);
        _sections = registrations.Sections.ToFrozenDictionary(pair => pair.Key, pair => pair.Value(services, CheckOnce, _logger));
        Names = [.. _entries.Keys.Order(StringComparer.Ordinal)];
        if (registrations.Configuration is { } section)
        {
            _wasThere = IsThere(section);
            _following = ChangeToken.OnChange(section.GetReloadToken, Changed);
            _fileFaults = services.GetService<IConfiguration>() is IConfigurationRoot root ? new FileFaults(root, FileUnreadable) : null;
        }
    }

    internal IReadOnlyCollection<string> Names { get; }

    internal SectionEntry Section(Type options) => _sections[options];

    internal GroupEntry? TryFind(string name) => _entries.GetValueOrDefault(name);

    internal GroupEntry Find(string name)
    {
        if (TryFind(name) is { } entry)
        {
            return entry;
        }

        // Where that is wrong by what was registered, it is told as it is at the start of a host.
        CheckOnce();
        throw new KeyNotFoundException($"There is no failover group '{name}'{Known(name)}");
    }

    /// <summary>Makes and starts every group.</summary>
    /// <exception cref="OptionsValidationException">Something is wrong; it names all of it.</exception>
    internal void Start()
    {
        CheckOnce();
        if (Names.Count == 0 && !_registrations.HasOthers)
        {
            Log.NoGroups(_logger, NoneBecause());
        }

        foreach (string name in Names)
        {
            _entries[name].Group().Start();
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_ending)
        {
            _ended ??= EndAsync();
            return new(_ended);
        }
    }

    // For a container that is not disposed of asynchronously. No group takes longer than 5 seconds to end.
    public void Dispose() => Task.Run(() => DisposeAsync().AsTask()).GetAwaiter().GetResult();

    /// <summary>Checks everything before the first group is made, so that one exception tells all that is wrong.</summary>
    internal void CheckOnce()
    {
        if (_checked)
        {
            return;
        }

        if (SectionTooDeep() is { } tooDeep)
        {
            throw new OptionsValidationException(_registrations.Configuration!.Path, typeof(GroupOptions), [tooDeep]);
        }

        List<string> problems = [.. MisspeltSection(), .. MisshapenGroups()];
        foreach (string name in Names)
        {
            problems.AddRange(_entries[name].Check());
        }

        problems.AddRange(_sections.Values.OrderBy(section => section.Key, StringComparer.Ordinal).SelectMany(section => section.Check()));

        problems.AddRange(
            from required in _registrations.Required.Distinct()
            where !_entries.ContainsKey(required.Group)
            select $"{required.User} uses the failover group '{required.Group}', which is not there{Known(required.Group)} {(Names.Count == 0 ? "Add it" : "Use one that is there, or add this one")}: in code, or as {_registrations.PathOf(required.Group)} in the configuration.");

        problems.AddRange(
            from required in _registrations.RequiredGates.Distinct()
            where _services is not null && !_services.IsKeyedService(typeof(IPrimaryGate), required.Gate)
            select $"{required.User} uses the gate '{required.Gate}', which is not there{KnownGates(required.Gate)}: add it with AddPrimaryGate(\"{required.Gate}\", …).");

        if (problems.Count > 0)
        {
            throw new OptionsValidationException(_registrations.Configuration?.Path ?? "Failover", typeof(GroupOptions), problems);
        }

        _checked = true;
    }

    private async Task EndAsync()
    {
        _following?.Dispose();
        _fileFaults?.Dispose();
        await Task.WhenAll(_entries.Values.Select(entry => entry.EndAsync())).ConfigureAwait(false);
    }

    /// <summary>Which groups there are, in place of one that there is not: to be read after its name.</summary>
    private string Known(string name)
    {
        string[] near = Nearest.To(name, Names);
        return Names.Count == 0 ? $": no group is registered, and {NoneBecause()}."
            : $". Registered are {string.Join(", ", Names)}.{(near.Length == 0 ? "" : $" Did you mean {string.Join(" or ", near)}?")}";
    }

    private string KnownGates(string name)
    {
        string[] gates = [.. _registrations.Gates.Order(StringComparer.Ordinal)];
        string[] near = Nearest.To(name, gates);
        return gates.Length == 0 ? "" : $" (there are {string.Join(", ", gates)}{(near.Length == 0 ? "" : $"; did you mean {string.Join(" or ", near)}?")})";
    }

    private string NoneBecause() => _registrations.Configuration is not { } section ? "AddFailover() was given no section of the configuration"
        : section.GetChildren().Any() ? $"the section {section.Path} of the configuration holds no Groups"
        : $"the configuration has no section {section.Path}";

    private IEnumerable<string> ConfiguredNames() => _registrations.GroupsSection is { } groups && !IsList(groups) ? groups.GetChildren().Select(child => child.Key) : [];

    private IEnumerable<string> MisshapenGroups() =>
        _registrations.GroupsSection is not { } groups ? []
        : IsList(groups) ? [$"{groups.Path} must not be a list: each group stands under its name, like {groups.Path}:orders."]
        : string.IsNullOrEmpty(groups.Value) ? []
        : [$"{groups.Path} must hold each group under its name, like {groups.Path}:orders, and is a single value."];

    /// <summary>A list is shown as keys from 0 on. Only where code says so, a group is called that.</summary>
    private bool IsList(IConfigurationSection groups)
    {
        string[] keys = [.. groups.GetChildren().Select(child => child.Key)];
        return keys.Length > 0 && Enumerable.Range(0, keys.Length).All(i => keys.Contains($"{i}") && !_registrations.Groups.ContainsKey($"{i}"));
    }

    private string? SectionTooDeep() =>
        _registrations.Configuration is { } section && section.Path.EndsWith(":Groups", StringComparison.OrdinalIgnoreCase) && IsThere(section) && !section.GetChildren().Any(child => KnownSections().Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            ? $"AddFailover was given the section {section.Path}, which is one too deep: give it {section.Path[..^":Groups".Length]}, which holds Groups."
            : null;

    private IEnumerable<string> KnownSections() => ["Groups", .. _sections.Values.Select(section => section.Key)];

    // Others may have sections of their own beside ours: only what looks like one of ours is refused.
    private IEnumerable<string> MisspeltSection()
    {
        string[] known = [.. KnownSections()];
        return from child in _registrations.Configuration?.GetChildren() ?? []
               where !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)
               let near = Nearest.To(child.Key, known)
               where near.Length > 0
               select $"{child.Path} is not a known key; did you mean {string.Join(" or ", near)}?";
    }

    // Called by whoever changes the configuration: it must not see an exception of ours.
    private void Changed()
    {
        try
        {
            lock (_changing)
            {
                if (KeepsAll())
                {
                    return;
                }

                // Sections first: a group may ask them what it is to make of its new members.
                foreach (SectionEntry section in _sections.Values)
                {
                    section.Reload();
                }

                foreach (GroupEntry entry in _entries.Values)
                {
                    entry.Reload();
                }

                foreach (string name in ConfiguredNames().Where(name => !_entries.ContainsKey(name)))
                {
                    if (_strangers.Add(name))
                    {
                        Log.GroupNeedsRestart(_logger, name);
                    }
                }
            }
        }
#pragma warning disable CA1031 // A change that cannot be read leaves everything as it is; the next one is looked at again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Unreadable(_logger, $"{exception.GetType().Name} at {exception.StackTrace}");
        }
    }

    /// <summary>
    /// Whether the whole section is gone. Nobody takes away all that he has configured while the app runs; a file that is missing, empty or broken reads so.
    /// Even a group that is added in code would lose its settings to that.
    /// </summary>
    private bool KeepsAll()
    {
        bool isTold = _isIgnored;
        _isIgnored = false;
        if (IsThere(_registrations.Configuration!))
        {
            _wasThere = true;
            _unreadable = null;
            return false;
        }

        // What could not be read, and was told, may be a file by now that is in order, and holds nothing.
        string gone = $"the section {_registrations.Configuration!.Path} is gone, as it is where a file is missing, empty or broken";
        if (_wasThere && gone != _unreadable && !isTold)
        {
            Keep(gone);
        }

        return _wasThere;
    }

    private void FileUnreadable(string problem, bool isIgnored)
    {
        lock (_changing)
        {
            // Then .NET goes on to tell a change, of the same fault.
            _isIgnored = isIgnored;

            // A file that is watched is often read more than once.
            if (problem != _unreadable)
            {
                Keep(problem);
            }
        }
    }

    private void Keep(string problem)
    {
        _unreadable = problem;
        Log.Unreadable(_logger, problem);
        if (!IsThere(_registrations.Configuration!))
        {
            foreach (GroupEntry entry in _entries.Values)
            {
                entry.Keep(problem);
            }

            foreach (SectionEntry section in _sections.Values)
            {
                section.Keep(problem);
            }
        }
    }

    private static bool IsThere(IConfigurationSection section) => section.GetChildren().Any();
}
