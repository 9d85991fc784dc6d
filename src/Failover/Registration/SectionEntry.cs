using Failover.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Failover.Registration;

/// <summary>One section beside <c>Groups</c>: what is wrong with it at start, and what a change of the configuration does to it.</summary>
internal abstract class SectionEntry
{
    /// <summary>Gets its name below the section of Failover.</summary>
    internal abstract string Key { get; }

    /// <summary>Returns all that is wrong with the settings as they are now.</summary>
    internal abstract IReadOnlyList<string> Check();

    /// <summary>Puts a change of the configuration in force, if there is one and it is valid.</summary>
    internal abstract void Reload();

    /// <summary>Shows that the configuration cannot be read.</summary>
    internal abstract void Keep(string problem);
}

/// <inheritdoc/>
internal sealed class SectionEntry<TOptions>(string key, OptionsKeys<TOptions> keys, Registrations registrations, IServiceProvider services, Action checkAll, ILogger logger) : SectionEntry
    where TOptions : class, new()
{
    private readonly Lock _lock = new();
    private readonly KeyTree _tree = KeyTree.Of(keys.Known);
    private TOptions? _current;
    private volatile string? _problem;
    private ConfigurationReloadToken _token = new();

    /// <summary>The section as it was last read; null if that is not known.</summary>
    private string? _seen;

    internal override string Key => key;

    /// <summary>Gets why the last change of the configuration is not in force; null if it is.</summary>
    internal string? Problem => _problem;

    internal IChangeToken Token => Volatile.Read(ref _token);

    /// <exception cref="OptionsValidationException">Some settings are invalid.</exception>
    internal TOptions Current => Volatile.Read(ref _current) ?? First();

    internal override IReadOnlyList<string> Check()
    {
        List<string> problems = [];
        Read(problems);
        return problems;
    }

    internal override void Reload()
    {
        lock (_lock)
        {
            string now = Settings();
            if (_current is null || now == _seen)
            {
                return;
            }

            _seen = now;
            List<string> problems = [];
            TOptions? read = Next(_current, problems);
            if (read is not null)
            {
                Volatile.Write(ref _current, read);
                _problem = null;
                Log.SectionInForce(logger, registrations.PathOfSection(key));
            }
            else
            {
                _problem = string.Join(' ', problems);
                Log.SectionRefused(logger, registrations.PathOfSection(key), _problem);
            }
        }

        Fire();
    }

    internal override void Keep(string problem)
    {
        lock (_lock)
        {
            if (_current is null || _seen is "")
            {
                return;
            }

            _seen = null;
            _problem = $"{registrations.PathOfSection(key)} could not be read: {problem}.";
        }

        Fire();
    }

    private TOptions First()
    {
        checkAll();
        lock (_lock)
        {
            if (_current is { } made)
            {
                return made;
            }

            _seen = Settings();
            List<string> problems = [];
            TOptions read = Read(problems) ?? throw new OptionsValidationException(key, typeof(TOptions), problems);
            Volatile.Write(ref _current, read);
            return read;
        }
    }

    /// <summary>Reads what is to follow; null, and why, if it may not.</summary>
    private TOptions? Next(TOptions before, List<string> problems)
    {
        try
        {
            if (Read(problems) is { } read)
            {
                var check = new OptionsCheck(registrations.PathOfSection(key));
                keys.CheckChange(before, read, check);
                problems.AddRange(check.Problems);
                return problems.Count == 0 ? read : null;
            }
        }
#pragma warning disable CA1031 // Whatever an options delegate throws: the last good options stay in force.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // Not its message, which might quote a value that is a secret.
            problems.Add($"{registrations.PathOfSection(key)} could not be put in force: {exception.GetType().Name}.");
            Log.SectionThrew(logger, registrations.PathOfSection(key), exception.GetType().Name, exception.StackTrace);
        }

        return null;
    }

    // One who follows and throws must not keep the others from hearing of it.
    private void Fire()
    {
        try
        {
            Interlocked.Exchange(ref _token, new()).OnReload();
        }
#pragma warning disable CA1031 // See above.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Exception cause = exception.GetBaseException();
            Log.SectionThrew(logger, registrations.PathOfSection(key), cause.GetType().Name, cause.StackTrace);
        }
    }

    private TOptions? Read(List<string> problems)
    {
        var check = new OptionsCheck(registrations.PathOfSection(key));
        if (Section is { } section)
        {
            _tree.Check(section, check);
        }

        List<string> found = [];
        TOptions? read = null;
        try
        {
            read = services.GetRequiredService<IOptionsFactory<TOptions>>().Create(Options.DefaultName);
        }
        catch (OptionsValidationException invalid)
        {
            found.AddRange(invalid.Failures);
        }

        problems.AddRange(OneCause.Of(check, found));
        return problems.Count == 0 ? read : null;
    }

    private IConfigurationSection? Section => registrations.Configuration?.GetSection(key);

    private string Settings() => Section is { } section ? Fingerprint.Of(section) : "";
}
