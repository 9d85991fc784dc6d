using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Failover.Configuration;
using Failover.Groups;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Failover.Registration;

/// <summary>One group of a container: made once, with its last good options, and changed with the configuration.</summary>
internal sealed class GroupEntry(string name, IServiceProvider services, GroupRules rules, Action checkAll, ILogger logger)
{
    private readonly Lock _lock = new();
    private volatile FailoverGroup? _group;
    private volatile Made? _made;

    /// <summary>The group's section as it was last read; null if that is not known.</summary>
    private string? _seen;
    private Action<GroupOptions>? _inCode;
    private bool _making;
    private bool _ended;

    /// <summary>Returns the group; makes it if need be.</summary>
    /// <exception cref="OptionsValidationException">Some group's settings are invalid.</exception>
    internal FailoverGroup Group()
    {
        if (_group is { } made)
        {
            return made;
        }

        checkAll();
        return MakeOnce();
    }

    /// <summary>Returns the options in force.</summary>
    internal TOptions Options<TOptions>()
        where TOptions : class =>
        TryGetOptions(out TOptions? options) ? options
        : throw new InvalidOperationException($"The failover group '{name}' is of kind {KindNames.Of(_made!.Definition)}, which has no {typeof(TOptions).Name}.");

    /// <summary>Returns the options in force, if a group of this kind has any of this type.</summary>
    internal bool TryGetOptions<TOptions>([NotNullWhen(true)] out TOptions? options)
        where TOptions : class
    {
        if (_made is null)
        {
            Group();
        }

        options = _made!.Options.OfType<TOptions>().FirstOrDefault();
        return options is not null;
    }

    /// <summary>Returns all that is wrong with the group's settings as they are now.</summary>
    internal IReadOnlyList<string> Check()
    {
        List<string> problems = [];
        Read(problems);
        return problems;
    }

    /// <summary>Carries a change of the configuration into the group, if there is one and it is valid.</summary>
    internal void Reload()
    {
        lock (_lock)
        {
            if (_group is not { } group || _ended)
            {
                return;
            }

            string now = Settings();
            if (now != _seen)
            {
                _seen = now;
                Reload(group, _made!);
            }
        }
    }

    /// <summary>Shows that the configuration cannot be read, and why by now. The next change that can be is looked at, whatever it holds.</summary>
    internal void Keep(string problem)
    {
        lock (_lock)
        {
            if (_group is { } group && !_ended && _seen is not "")
            {
                _seen = null;
                group.ReportConfigurationError($"{rules.CheckOf(name).Prefix} could not be read: {problem}.");
            }
        }
    }

    internal async Task EndAsync()
    {
        FailoverGroup? group;
        lock (_lock)
        {
            _ended = true;
            group = _group;
        }

        if (group is not null)
        {
            await group.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Reload(FailoverGroup group, Made before)
    {
        List<string> problems = [];
        try
        {
            if (Read(problems) is { } after && MayFollow(before, after, problems))
            {
                // The kind's own part first: it is the one that may still find a reason to refuse, and then nothing has changed.
                for (int i = after.Options.Length - 1; i >= 0; i--)
                {
                    after.Parts[i].Change(services, group, after.Options[i]);
                }

                _made = after;
            }
        }
#pragma warning disable CA1031 // Whatever an options delegate or a kind throws: the last good options stay in force.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // Only the message of an argument is shown: members are refused with one. Others might quote a value that is a secret.
            string why = exception is ArgumentException argument
                ? argument.Message.Replace($" (Parameter '{argument.ParamName}')", "", StringComparison.Ordinal)
                : exception.GetType().Name;
            problems.Add($"{rules.CheckOf(name).Prefix} could not be put in force: {why.TrimEnd('.')}.");
            Log.ChangeThrew(logger, name, exception.GetType().Name, exception.StackTrace);
        }

        if (problems.Count == 0)
        {
            group.ReportConfigurationError(null);
            Log.ChangeInForce(logger, name);
        }
        else
        {
            string all = string.Join(' ', problems);
            group.ReportConfigurationError(all);
            Log.ChangeRefused(logger, name, all);
        }
    }

    private bool MayFollow(Made before, Made after, List<string> problems)
    {
        OptionsCheck check = rules.CheckOf(name);
        if (!ReferenceEquals(before.Definition.Kind, after.Definition.Kind))
        {
            check.Refuse("Kind", KindNames.Of(after.Definition), $"cannot change while running (it is {KindNames.Of(before.Definition)}): restart the app");
        }
        else
        {
            for (int i = 0; i < after.Parts.Length; i++)
            {
                after.Parts[i].CheckChange(before.Options[i], after.Options[i], check);
            }
        }

        problems.AddRange(check.Problems);
        return check.Problems.Count == 0;
    }

    /// <summary>Reads all options anew; null, with the problems, if something is wrong.</summary>
    private Made? Read(List<string> problems)
    {
        OptionsCheck check = rules.CheckOf(name);
        GroupDefinition? definition = rules.Define(name, check);
        if (definition is null)
        {
            problems.AddRange(check.Problems);
            return null;
        }

        rules.CheckKeys(definition, check);
        List<string> found = [];
        GroupPart[] parts = definition.Kind is { } kind ? [rules.Common, kind.Part] : [rules.Common];
        var options = new object[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            try
            {
                options[i] = parts[i].Create(services, definition.Name);
                if (_inCode is { } inCode && options[i] is GroupOptions common)
                {
                    inCode(common);
                    found.AddRange(GroupOptionsValidator.Validate(check.Prefix, common));
                }
            }
            catch (OptionsValidationException invalid)
            {
                found.AddRange(invalid.Failures);
            }
        }

        problems.AddRange(OneCause.Of(check, found));
        return problems.Count == 0 ? new Made(definition, parts, options) : null;
    }

    private FailoverGroup MakeOnce()
    {
        lock (_lock)
        {
            if (_group is { } made)
            {
                return made;
            }

            ObjectDisposedException.ThrowIf(_ended, typeof(FailoverGroup));
            if (_making)
            {
                throw new InvalidOperationException($"The failover group '{name}' is asked for while it is being made: what it is made of must not need it before.");
            }

            _making = true;
            try
            {
                return _group = Make();
            }
            finally
            {
                _making = false;
            }
        }
    }

    private FailoverGroup Make()
    {
        _seen = Settings();
        List<string> problems = [];
        Made made = Read(problems) ?? throw new OptionsValidationException(name, typeof(GroupOptions), problems);
        _made = made;

        var builder = new FailoverGroupBuilder(made.Definition.Name);
        builder.UseTimeProvider(services.GetService<TimeProvider>() ?? TimeProvider.System);
        if (made.Definition.Kind is { } kind)
        {
            builder.Kind = kind.Name.ToLowerInvariant();
        }

        if (services.GetService<ILoggerFactory>() is { } loggers)
        {
            builder.UseLoggerFactory(loggers);
        }

        if (services.GetService<IMeterFactory>() is { } meters)
        {
            builder.UseMeterFactory(meters);
        }

        for (int i = 0; i < made.Parts.Length; i++)
        {
            made.Parts[i].Build(services, builder, made.Options[i]);
        }

        foreach (Action<IServiceProvider, FailoverGroupBuilder> add in rules.Additions)
        {
            add(services, builder);
        }

        made.Definition.Configure?.Invoke(services, builder);
        FailoverGroup group = builder.Build();

        // Done to the options just read already; a reload has to do it again.
        _inCode = builder.Configured;
        return group;
    }

    // All keys and values of the group's section: a change elsewhere is no change of this group.
    private string Settings() => rules.SectionOf(name) is { } section ? Fingerprint.Of(section) : "";

    private sealed record Made(GroupDefinition Definition, GroupPart[] Parts, object[] Options);
}
