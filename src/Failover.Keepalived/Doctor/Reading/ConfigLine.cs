namespace Failover.Keepalived.Doctor.Reading;

/// <summary>One statement of a configuration, with the block that follows it. Not changed once the file is read.</summary>
internal sealed class ConfigLine(string file, int number, int order, IReadOnlyList<string> words)
{
    private List<ConfigLine>? _block;

    internal string File => file;

    internal int Number => number;

    /// <summary>Its place among all statements, over all files: keepalived finds a name only if it stands above.</summary>
    internal int Order => order;

    internal IReadOnlyList<string> Words => words;

    internal string Key => words[0];

    /// <summary>The first word after the key; empty if there is none.</summary>
    internal string Value => words.ElementAtOrDefault(1) ?? "";

    /// <summary>What stands between its braces; empty if there are none.</summary>
    internal IReadOnlyList<ConfigLine> Block => _block ?? [];

    internal bool HasBlock => _block is not null;

    /// <summary>Opens its block.</summary>
    internal List<ConfigLine> Open() => _block = [];

    /// <summary>All lines of its block with a key, in order.</summary>
    internal IEnumerable<ConfigLine> All(string key) => Block.Where(line => line.Key == key);

    /// <summary>The last line of its block with a key: the one that counts.</summary>
    internal ConfigLine? Last(string key) => All(key).LastOrDefault();

    /// <summary>What stands in the blocks of its block with a key: names, or addresses.</summary>
    internal IEnumerable<ConfigLine> Inside(string key) => All(key).SelectMany(static line => line.Block);
}
