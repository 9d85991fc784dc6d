using Failover.Keepalived.Doctor.Hosts;

namespace Failover.Keepalived.Doctor.Reading;

/// <summary>A configuration as a tree of statements.</summary>
internal sealed class ConfigTree
{
    private readonly List<ConfigLine> _lines = [];

    private ConfigTree()
    {
    }

    /// <summary>The statements outside of any block.</summary>
    internal IReadOnlyList<ConfigLine> Lines => _lines;

    /// <summary>What stands in <c>global_defs</c>.</summary>
    internal IEnumerable<ConfigLine> Globals => All("global_defs").SelectMany(static block => block.Block);

    /// <summary>Reads a file and what it includes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="host">Where it is.</param>
    /// <param name="node">The name by which keepalived takes lines like <c>@node-a priority 50</c> for its own (<c>--config-id</c>); null if it is not known.</param>
    /// <param name="findings">Takes what is wrong with it.</param>
    internal static ConfigTree Read(string path, IHost host, string? node, Findings findings)
    {
        ConfigTree tree = new();
        Stack<(ConfigLine? Owner, List<ConfigLine> Block)> open = new([(null, tree._lines)]);
        int order = 0;
        foreach ((string file, int number, string text) in new ConfigSource(host, node, findings).Lines(path))
        {
            foreach (string piece in LineText.Pieces(text))
            {
                List<ConfigLine> block = open.Peek().Block;
                if (piece == "{" && block.LastOrDefault() is { HasBlock: false } owner)
                {
                    open.Push((owner, owner.Open()));
                }
                else if (piece == "}" && open.Count > 1)
                {
                    open.Pop();
                }
                else if (piece is "{" or "}")
                {
                    findings.Add(DoctorSeverity.Error, DoctorCode.Syntax, file, number, piece, $"There is one '{piece}' too many: what follows does not stand where it seems to.", "Remove it, or add what belongs before it.");
                }
                else if (LineText.Words(piece) is { Count: > 0 } words)
                {
                    block.Add(new(file, number, order++, words));
                }
            }
        }

        foreach ((ConfigLine? owner, _) in open.Where(static one => one.Owner is not null))
        {
            findings.Add(DoctorSeverity.Error, DoctorCode.Syntax, owner!, "The block is never closed: everything below stands in it.", "Add the '}' at its end.");
        }

        return tree;
    }

    /// <summary>The statements outside of any block with one of these keys.</summary>
    internal IEnumerable<ConfigLine> All(params IReadOnlyList<string> keys) => _lines.Where(line => keys.Contains(line.Key));

    /// <summary>The line of <c>global_defs</c> with a key that counts.</summary>
    internal ConfigLine? Global(string key) => Globals.LastOrDefault(line => line.Key == key);
}
