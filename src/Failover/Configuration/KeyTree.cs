using Microsoft.Extensions.Configuration;

namespace Failover.Configuration;

/// <summary>The keys that a section may hold, made from patterns like <c>Detection:Fall</c>, <c>Members:*:Address</c> (any one segment) and <c>Tags:**</c> (whatever is below).</summary>
internal sealed class KeyTree
{
    private readonly SortedDictionary<string, KeyTree> _children = new(StringComparer.OrdinalIgnoreCase);
    private KeyTree? _any;
    private bool _everything;
    private bool _holdsValue;

    internal static KeyTree Of(IEnumerable<string> patterns)
    {
        var root = new KeyTree();
        foreach (string pattern in patterns)
        {
            KeyTree node = root;
            foreach (string segment in pattern.Split(':'))
            {
                node = node.Child(segment);
            }

            node._holdsValue = true;
        }

        return root;
    }

    /// <summary>Refuses every key of the section that is not known, with the names that may have been meant; and values where keys belong, or keys where a value belongs.</summary>
    internal void Check(IConfigurationSection section, OptionsCheck check) => Check(section, "", check, this);

    private void Check(IConfigurationSection section, string above, OptionsCheck check, KeyTree root)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            string key = above + child.Key;
            KeyTree? node = _children.GetValueOrDefault(child.Key) ?? _any;
            if (node is null)
            {
                check.Refuse(key, $"is not a known key{Meant(child.Key, above, root)}");
            }
            else if (!node._everything)
            {
                bool isLeaf = node._children.Count == 0 && node._any is null;
                if (isLeaf && child.GetChildren().Any())
                {
                    check.Refuse(key, "must be a single value, not a section or a list");
                }
                else if (!isLeaf && !node._holdsValue && !string.IsNullOrEmpty(child.Value))
                {
                    check.Refuse(key, child.Value, $"must hold {(node._any is null ? $"keys: {node.Names}" : "a list or a section")}");
                }
                else
                {
                    node.Check(child, key + ":", check, root);
                }
            }
        }
    }

    private string Names => string.Join(", ", _children.Keys);

    private string Meant(string written, string above, KeyTree root)
    {
        // A typo here; or the right word in the wrong place.
        string[] near = Nearest.To(written, _children.Keys);
        if (near.Length == 0)
        {
            near = [.. root.Paths("").Where(path => path.EndsWith(":" + written, StringComparison.OrdinalIgnoreCase)).Take(3)];
        }

        return near.Length > 0 ? $"; did you mean {string.Join(" or ", near)}?"
            : _children.Count > 0 ? $"; known {(above.Length == 0 ? "here" : $"below {above.TrimEnd(':')}")}: {Names}"
            : "";
    }

    private IEnumerable<string> Paths(string above) =>
        _children.SelectMany(child => child.Value.Paths($"{above}{child.Key}:").Prepend(above + child.Key));

    private KeyTree Child(string segment)
    {
        switch (segment)
        {
            case "**":
                _everything = true;
                return this;
            case "*":
                return _any ??= new KeyTree();
            default:
                if (!_children.TryGetValue(segment, out KeyTree? child))
                {
                    _children.Add(segment, child = new KeyTree());
                }

                return child;
        }
    }
}
