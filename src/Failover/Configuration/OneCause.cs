namespace Failover.Configuration;

/// <summary>One mistake is told once: of two problems with one cause, the one that says more.</summary>
internal static class OneCause
{
    /// <param name="keys">What is wrong with the keys themselves: unknown, or in the wrong place.</param>
    /// <param name="values">What is wrong with what they hold.</param>
    internal static IEnumerable<string> Of(OptionsCheck keys, IReadOnlyCollection<string> values)
    {
        // Who reads a value knows better what belongs there than the list of keys does.
        IEnumerable<string> first = keys.Told.Where(one => !values.Any(value => IsAbout(value, one.Key))).Select(one => one.Problem);

        // What is missing stands there under another name: Members:0:Adress.
        string[] parents = [.. keys.Told.Select(one => Parent(one.Key)).Where(parent => parent.Length > 0)];
        return first.Concat(values.Where(value => !parents.Any(parent => IsAbout(value, parent))));

        bool IsAbout(string problem, string key) => problem.StartsWith($"{keys.Prefix}:{key} ", StringComparison.OrdinalIgnoreCase);
    }

    private static string Parent(string key) => key.LastIndexOf(':') is > 0 and var colon ? key[..colon] : "";
}
