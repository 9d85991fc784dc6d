using System.Diagnostics.CodeAnalysis;
using Failover.Configuration;

namespace Failover;

/// <summary>
/// Collects what is wrong with settings, all of it in one wording: the full key, the value given and what is allowed. For example
/// <c>Failover:Groups:orders:Detection:Fall (0) must be from 1 to 100.</c> Values that may hold secrets are shown as <c>***</c>. For one thread.
/// </summary>
[Experimental("FAILOVER001")]
public sealed class OptionsCheck
{
    private readonly List<string> _problems = [];
    private readonly List<string> _keys = [];
    private readonly HashSet<string> _refused = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Initializes a check without problems.</summary>
    /// <param name="prefix">What comes before each key, e.g. <c>Failover:Groups:orders</c>.</param>
    public OptionsCheck(string prefix)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(prefix);
        Prefix = prefix;
    }

    /// <summary>Gets what comes before each key.</summary>
    public string Prefix { get; }

    /// <summary>Gets the problems found so far, each a sentence; empty if all is well.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Returns whether a problem was found with <paramref name="key"/> itself, so that a rule across keys need not repeat it.</summary>
    public bool IsRefused(string key) => _refused.Contains(key);

    /// <summary>Records that a value is not allowed.</summary>
    /// <param name="key">The key below <see cref="Prefix"/>, e.g. <c>Detection:Fall</c>.</param>
    /// <param name="value">The value given. It is shown, unless key or value look like a secret.</param>
    /// <param name="rule">What is allowed, to be read after the value: <c>must be from 1 to 100</c>. Without a full stop; a question at the end keeps its mark.</param>
    public void Refuse(string key, object? value, string rule)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(rule);
        Add(key, $"{Prefix}:{key} ({Shown.Value(key, value)}) {Ended(rule)}");
    }

    /// <summary>Records a problem that has no value to show, such as a key that is missing.</summary>
    /// <param name="key">The key below <see cref="Prefix"/>.</param>
    /// <param name="rule">What is wrong, to be read after the key: <c>is missing</c>. Without a full stop; a question at the end keeps its mark.</param>
    public void Refuse(string key, string rule)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(rule);
        Add(key, $"{Prefix}:{key} {Ended(rule)}");
    }

    /// <summary>Gets the problems, each with its key; the key is empty for a problem with all that stands below <see cref="Prefix"/>.</summary>
    internal IEnumerable<(string Key, string Problem)> Told => _keys.Zip(_problems);

    /// <summary>Returns a check for what stands below a key, to be taken over with <see cref="Take"/>. It knows what was refused there so far.</summary>
    internal OptionsCheck Below(string key)
    {
        var below = new OptionsCheck($"{Prefix}:{key}");
        foreach (string refused in _refused.Where(one => one.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase)))
        {
            below._refused.Add(refused[(key.Length + 1)..]);
        }

        return below;
    }

    /// <summary>Takes over what a check of <see cref="Below"/> has found.</summary>
    internal void Take(string key, OptionsCheck below)
    {
        foreach ((string refused, string problem) in below.Told)
        {
            Add($"{key}:{refused}", problem);
        }
    }

    /// <summary>Records a problem with all that stands below <see cref="Prefix"/>.</summary>
    internal void RefuseAll(string rule)
    {
        _keys.Add("");
        _problems.Add($"{Prefix} {Ended(rule)}");
    }

    /// <summary>Refuses <paramref name="value"/> if it is longer than the value of another key. Says nothing if one of both is refused already.</summary>
    public void NotLonger(string key, TimeSpan value, string otherKey, TimeSpan limit)
    {
        if (value > limit && !IsRefused(key) && !IsRefused(otherKey))
        {
            Refuse(key, value, $"must not be longer than {Beside(key, otherKey)} ({Shown.Value(otherKey, limit)})");
        }
    }

    /// <summary>Refuses <paramref name="value"/> if it is shorter than the value of another key. Says nothing if one of both is refused already.</summary>
    public void NotShorter(string key, TimeSpan value, string otherKey, TimeSpan limit)
    {
        if (value < limit && !IsRefused(key) && !IsRefused(otherKey))
        {
            Refuse(key, value, $"must not be shorter than {Beside(key, otherKey)} ({Shown.Value(otherKey, limit)})");
        }
    }

    // The other key's short name where both stand in the same section.
    private static string Beside(string key, string otherKey)
    {
        int colon = key.LastIndexOf(':') + 1;
        return otherKey.Length > colon && otherKey.IndexOf(':', colon) < 0 && otherKey.AsSpan(0, colon).SequenceEqual(key.AsSpan(0, colon))
            ? otherKey[colon..]
            : otherKey;
    }

    private static string Ended(string rule) => rule.EndsWith('?') ? rule : rule + ".";

    private void Add(string key, string problem)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        _refused.Add(key);
        _keys.Add(key);
        _problems.Add(problem);
    }
}
