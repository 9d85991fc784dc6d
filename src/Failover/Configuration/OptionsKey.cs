using Microsoft.Extensions.Configuration;

namespace Failover.Configuration;

/// <summary>One key of an options type.</summary>
internal abstract class OptionsKey<TOptions>(string key)
{
    internal string Key { get; } = key;

    internal bool IsFixed { get; set; }

    /// <summary>Gets what is allowed, to be read after "must be".</summary>
    internal abstract string Allowed { get; }

    /// <summary>Reads the value from configuration, if it is there.</summary>
    internal abstract void Bind(IConfigurationSection section, TOptions options, OptionsCheck check);

    /// <summary>Checks the value, wherever it came from.</summary>
    internal abstract void Check(TOptions options, OptionsCheck check);

    /// <summary>Reads the value from the options.</summary>
    internal abstract object? Read(TOptions options);

    /// <summary>Refuses a change of what is fixed.</summary>
    internal virtual void CheckChange(TOptions before, TOptions after, OptionsCheck check)
    {
        if (IsFixed && !Equals(Read(before), Read(after)))
        {
            check.Refuse(Key, Read(after), $"cannot change while running (it is {Shown.Value(Key, Read(before))}): restart the app");
        }
    }
}

/// <summary>A key with one value.</summary>
internal abstract class ValueKey<TOptions, TValue>(string key, Func<TOptions, TValue> get, Action<TOptions, TValue> set) : OptionsKey<TOptions>(key)
{
    internal sealed override void Bind(IConfigurationSection section, TOptions options, OptionsCheck check)
    {
        string? text = section[Key];
        if (text is null)
        {
            return;
        }

        if (TryParse(text.Trim(), out TValue value, out string? hint))
        {
            set(options, value);
        }
        else
        {
            check.Refuse(Key, text, $"must be {Allowed}{hint}");
        }
    }

    internal sealed override void Check(TOptions options, OptionsCheck check)
    {
        TValue value = get(options);
        if (!IsAllowed(value))
        {
            check.Refuse(Key, value, $"must be {Allowed}");
        }
    }

    internal sealed override object? Read(TOptions options) => get(options);

    internal abstract bool IsAllowed(TValue value);

    /// <summary>Reads a value; or says, beginning with a semicolon, how what was meant might be written.</summary>
    internal abstract bool TryParse(string text, out TValue value, out string? hint);
}

/// <summary>A part of the options that code reads by itself.</summary>
internal sealed class SectionKey<TOptions>(string key, Action<IConfigurationSection, TOptions, OptionsCheck> bind, Func<TOptions, string>? tell) : OptionsKey<TOptions>(key)
{
    /// <summary>Gets whether a change of it can be seen.</summary>
    internal bool IsTold => tell is not null;

    internal override string Allowed => "a section";

    internal override void Bind(IConfigurationSection section, TOptions options, OptionsCheck check)
    {
        IConfigurationSection part = section.GetSection(Key);
        if (part.Value is not null || part.GetChildren().Any())
        {
            bind(part, options, check);
        }
    }

    internal override void Check(TOptions options, OptionsCheck check)
    {
        // Its rules are added with Rule.
    }

    internal override object? Read(TOptions options) => tell?.Invoke(options);
}

/// <summary>Named parts with the same keys each, below a key; without one, the options are nothing but those parts.</summary>
internal sealed class EachKey<TOptions, TItem>(string key, Func<TOptions, IDictionary<string, TItem>> items, OptionsKeys<TItem> keys) : OptionsKey<TOptions>(key)
    where TItem : class, new()
{
    internal override string Allowed => "a section";

    internal override void Bind(IConfigurationSection section, TOptions options, OptionsCheck check)
    {
        IDictionary<string, TItem> all = items(options);
        foreach (IConfigurationSection child in (Key.Length == 0 ? section : section.GetSection(Key)).GetChildren())
        {
            if (!all.TryGetValue(child.Key, out TItem? item))
            {
                all.Add(child.Key, item = new TItem());
            }

            Nested(child.Key, check, below => keys.Bind(child, item, below));
        }
    }

    internal override void Check(TOptions options, OptionsCheck check)
    {
        foreach ((string name, TItem? item) in items(options))
        {
            if (item is null)
            {
                check.Refuse(PathOf(name), null, "must hold options");
                continue;
            }

            Nested(name, check, below => keys.Check(item, below));
        }
    }

    internal override object? Read(TOptions options) => null;

    internal override void CheckChange(TOptions before, TOptions after, OptionsCheck check)
    {
        IDictionary<string, TItem> former = items(before);
        foreach ((string name, TItem item) in items(after))
        {
            if (former.TryGetValue(name, out TItem? its))
            {
                Nested(name, check, below => keys.CheckChange(its, item, below));
            }
        }
    }

    private string PathOf(string name) => Key.Length == 0 ? name : $"{Key}:{name}";

    private void Nested(string name, OptionsCheck check, Action<OptionsCheck> look)
    {
        string path = PathOf(name);
        OptionsCheck below = check.Below(path);
        look(below);
        check.Take(path, below);
    }
}
