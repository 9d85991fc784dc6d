using System.Diagnostics.CodeAnalysis;
using Failover.Configuration;
using Microsoft.Extensions.Configuration;

namespace Failover;

/// <summary>
/// The keys of an options type: how each is read from configuration and which values it allows. One table serves for binding, for checking values from
/// configuration or code, and for finding keys that nobody knows. It uses no reflection. Fill it once, into a static field; then it may be read by any thread.
/// </summary>
/// <remarks>
/// The configuration binder stops at the first value that it cannot convert and does not say what would be allowed; with this table every problem is told at once.
/// </remarks>
/// <typeparam name="TOptions">The options type. Its parameterless constructor gives the defaults.</typeparam>
[Experimental("FAILOVER001")]
public sealed class OptionsKeys<TOptions>
    where TOptions : class, new()
{
    private readonly List<OptionsKey<TOptions>> _keys = [];
    private readonly List<Action<TOptions, OptionsCheck>> _rules = [];
    private readonly List<string> _known = [];

    /// <summary>Adds a time, written as <c>hh:mm:ss</c>. A plain number, which .NET would take for days, is refused.</summary>
    /// <param name="key">The key, e.g. <c>Detection:ProbeInterval</c>.</param>
    /// <param name="get">Reads the value.</param>
    /// <param name="set">Sets the value.</param>
    /// <param name="minimum">The lowest value allowed.</param>
    /// <param name="maximum">The highest value allowed.</param>
    public OptionsKeys<TOptions> Time(string key, Func<TOptions, TimeSpan> get, Action<TOptions, TimeSpan> set, TimeSpan minimum, TimeSpan maximum) =>
        Add(new TimeKey<TOptions>(key, options => get(options), (options, value) => set(options, value!.Value), minimum, maximum, optional: false));

    /// <summary>Adds a time that may be left out: null, or an empty value. See <see cref="Time"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="get">Reads the value.</param>
    /// <param name="set">Sets the value.</param>
    /// <param name="minimum">The lowest value allowed.</param>
    /// <param name="maximum">The highest value allowed.</param>
    public OptionsKeys<TOptions> OptionalTime(string key, Func<TOptions, TimeSpan?> get, Action<TOptions, TimeSpan?> set, TimeSpan minimum, TimeSpan maximum) =>
        Add(new TimeKey<TOptions>(key, get, set, minimum, maximum, optional: true));

    /// <summary>Adds a whole number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="get">Reads the value.</param>
    /// <param name="set">Sets the value.</param>
    /// <param name="minimum">The lowest value allowed.</param>
    /// <param name="maximum">The highest value allowed.</param>
    public OptionsKeys<TOptions> Number(string key, Func<TOptions, int> get, Action<TOptions, int> set, int minimum, int maximum) =>
        Add(new IntegerKey<TOptions>(key, get, set, minimum, maximum));

    /// <summary>Adds a whole number that may be left out: null, or an empty value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="get">Reads the value.</param>
    /// <param name="set">Sets the value.</param>
    /// <param name="minimum">The lowest value allowed.</param>
    /// <param name="maximum">The highest value allowed.</param>
    public OptionsKeys<TOptions> OptionalNumber(string key, Func<TOptions, int?> get, Action<TOptions, int?> set, int minimum, int maximum) =>
        Add(new OptionalKey<TOptions, int>(new IntegerKey<TOptions>(key, static _ => 0, static (_, _) => { }, minimum, maximum), get, set));

    /// <summary>Adds a number above <paramref name="above"/>, up to <paramref name="maximum"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="get">Reads the value.</param>
    /// <param name="set">Sets the value.</param>
    /// <param name="above">What the value must be above.</param>
    /// <param name="maximum">The highest value allowed.</param>
    public OptionsKeys<TOptions> Fraction(string key, Func<TOptions, double> get, Action<TOptions, double> set, double above, double maximum) =>
        Add(new FractionKey<TOptions>(key, get, set, above, maximum));

    /// <summary>Adds <c>true</c> or <c>false</c>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="get">Reads the value.</param>
    /// <param name="set">Sets the value.</param>
    public OptionsKeys<TOptions> Flag(string key, Func<TOptions, bool> get, Action<TOptions, bool> set) =>
        Add(new FlagKey<TOptions>(key, get, set));

    /// <summary>Adds one of the names of an enum, in any case. Numbers are refused.</summary>
    /// <param name="key">The key.</param>
    /// <param name="get">Reads the value.</param>
    /// <param name="set">Sets the value.</param>
    public OptionsKeys<TOptions> Choice<TEnum>(string key, Func<TOptions, TEnum> get, Action<TOptions, TEnum> set)
        where TEnum : struct, Enum =>
        Add(new ChoiceKey<TOptions, TEnum>(key, get, set));

    /// <summary>Adds one of the names of an enum that may be left out: null, or an empty value. See <see cref="Choice"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="get">Reads the value.</param>
    /// <param name="set">Sets the value.</param>
    public OptionsKeys<TOptions> OptionalChoice<TEnum>(string key, Func<TOptions, TEnum?> get, Action<TOptions, TEnum?> set)
        where TEnum : struct, Enum =>
        Add(new OptionalKey<TOptions, TEnum>(new ChoiceKey<TOptions, TEnum>(key, static _ => default, static (_, _) => { }), get, set));

    /// <summary>Adds text that may be left out. An empty value counts as left out: null.</summary>
    /// <param name="key">The key.</param>
    /// <param name="get">Reads the value.</param>
    /// <param name="set">Sets the value.</param>
    public OptionsKeys<TOptions> Text(string key, Func<TOptions, string?> get, Action<TOptions, string?> set) =>
        Add(new TextKey<TOptions>(key, get, set));

    /// <summary>
    /// Adds a part that code reads by itself, such as a list: <c>Section("Members", ["*", "*:Name", "*:Address"], …)</c>.
    /// </summary>
    /// <param name="key">The key of the section.</param>
    /// <param name="known">The keys known below it: <c>*</c> stands for any one segment, an empty one for a value of the section itself. An empty list allows every key.</param>
    /// <param name="bind">
    /// Reads the section into the options, and says what it cannot read. Called only if the section exists; also on options that are thrown away, so it must change nothing but the options it is given.
    /// </param>
    public OptionsKeys<TOptions> Section(string key, IReadOnlyList<string> known, Action<IConfigurationSection, TOptions, OptionsCheck> bind) =>
        AddSection(key, known, bind, tell: null);

    /// <summary>Adds a part that code reads by itself, as <see cref="Section(string, IReadOnlyList{string}, Action{IConfigurationSection, TOptions, OptionsCheck})"/> does, and that can be <see cref="Fixed"/>.</summary>
    /// <param name="key">The key of the section.</param>
    /// <param name="known">The keys known below it.</param>
    /// <param name="bind">Reads the section into the options.</param>
    /// <param name="tell">Returns what the options have of it, as text for people: the same if, and only if, nothing of it has changed.</param>
    public OptionsKeys<TOptions> Section(string key, IReadOnlyList<string> known, Action<IConfigurationSection, TOptions, OptionsCheck> bind, Func<TOptions, string> tell)
    {
        ArgumentNullException.ThrowIfNull(tell);
        return AddSection(key, known, bind, tell);
    }

    /// <summary>Adds named parts that have the same keys each: <c>Checks:&lt;name&gt;:Period</c>.</summary>
    /// <typeparam name="TItem">The options of one part.</typeparam>
    /// <param name="key">The key of the section that holds them.</param>
    /// <param name="items">The parts by their names; those that configuration names are added to it.</param>
    /// <param name="keys">The keys of a part.</param>
    public OptionsKeys<TOptions> Each<TItem>(string key, Func<TOptions, IDictionary<string, TItem>> items, OptionsKeys<TItem> keys)
        where TItem : class, new()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(keys);
        _keys.Add(new EachKey<TOptions, TItem>(key, items, keys));
        _known.AddRange(keys.Known.Select(known => $"{key}:*:{known}"));
        return this;
    }

    /// <summary>Adds named parts that have the same keys each, where the options are nothing but such parts: <c>&lt;name&gt;:Duration</c>.</summary>
    /// <typeparam name="TItem">The options of one part.</typeparam>
    /// <param name="items">The parts by their names; those that configuration names are added to it.</param>
    /// <param name="keys">The keys of a part.</param>
    public OptionsKeys<TOptions> Each<TItem>(Func<TOptions, IDictionary<string, TItem>> items, OptionsKeys<TItem> keys)
        where TItem : class, new()
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(keys);
        _keys.Add(new EachKey<TOptions, TItem>("", items, keys));
        _known.AddRange(keys.Known.Select(static known => $"*:{known}"));
        return this;
    }

    /// <summary>Adds a rule across keys. It is called after each key was checked by itself; ask <see cref="OptionsCheck.IsRefused"/> before repeating a problem.</summary>
    /// <param name="rule">The rule. It refuses what is not allowed.</param>
    public OptionsKeys<TOptions> Rule(Action<TOptions, OptionsCheck> rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        _rules.Add(rule);
        return this;
    }

    /// <summary>Says that a key cannot change while the app runs: a reload that changes it is refused.</summary>
    /// <param name="key">A key added before; a section only if it was added with what tells of it.</param>
    /// <exception cref="ArgumentException">There is no such key, or it is a section of which nothing tells.</exception>
    public OptionsKeys<TOptions> Fixed(string key)
    {
        OptionsKey<TOptions> found = _keys.Find(one => string.Equals(one.Key, key, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"There is no key '{key}' to be fixed.", nameof(key));
        if (found is SectionKey<TOptions> { IsTold: false })
        {
            throw new ArgumentException($"Whether the section '{key}' has changed cannot be known: add it with what tells of it.", nameof(key));
        }

        found.IsFixed = true;
        return this;
    }

    /// <summary>Gets the keys in the order in which they were added.</summary>
    internal IReadOnlyList<OptionsKey<TOptions>> Keys => _keys;

    /// <summary>Gets the patterns of all keys, for finding unknown ones.</summary>
    internal IReadOnlyList<string> Known => _known;

    /// <summary>Reads what the section holds into the options. What cannot be read is refused and leaves the options as they were.</summary>
    internal void Bind(IConfigurationSection section, TOptions options, OptionsCheck check)
    {
        foreach (OptionsKey<TOptions> key in _keys)
        {
            key.Bind(section, options, check);
        }
    }

    /// <summary>Checks values, wherever they come from: for options that are set in code alone. Keys refused already are not refused twice.</summary>
    /// <param name="options">The options.</param>
    /// <param name="check">What is told of each problem; ask <see cref="OptionsCheck.Problems"/> afterwards.</param>
    public void Check(TOptions options, OptionsCheck check)
    {
        foreach (OptionsKey<TOptions> key in _keys)
        {
            if (!check.IsRefused(key.Key))
            {
                key.Check(options, check);
            }
        }

        foreach (Action<TOptions, OptionsCheck> rule in _rules)
        {
            rule(options, check);
        }
    }

    /// <summary>Refuses changes of keys that are fixed.</summary>
    internal void CheckChange(TOptions before, TOptions after, OptionsCheck check)
    {
        foreach (OptionsKey<TOptions> key in _keys)
        {
            key.CheckChange(before, after, check);
        }
    }

    private OptionsKeys<TOptions> AddSection(string key, IReadOnlyList<string> known, Action<IConfigurationSection, TOptions, OptionsCheck> bind, Func<TOptions, string>? tell)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(bind);
        _keys.Add(new SectionKey<TOptions>(key, bind, tell));
        _known.AddRange(known.Count == 0 ? [$"{key}:**"] : known.Select(below => below.Length == 0 ? key : $"{key}:{below}"));
        return this;
    }

    private OptionsKeys<TOptions> Add(OptionsKey<TOptions> key)
    {
        _keys.Add(key);
        _known.Add(key.Key);
        return this;
    }
}
