namespace Failover.Keepalived.Doctor.Reading;

/// <summary>One thing that an instance tracks, by itself or as a member of a group.</summary>
/// <param name="Kind">What kind of thing it is.</param>
/// <param name="Use">The line in the instance that names it.</param>
/// <param name="Definition">The block that says what it is, above that line; null if there is none.</param>
/// <param name="Weight">What is added to the priority, for a file: for each 1 in it; 0 for FAULT.</param>
internal sealed record Tracker(TrackerKind Kind, ConfigLine Use, ConfigLine? Definition, int Weight)
{
    internal string Name => Use.Key;

    internal static Tracker Of(TrackerKind kind, ConfigLine use, ConfigTree tree)
    {
        ConfigLine? definition = kind.Definitions(tree).FirstOrDefault(one => one.Value == use.Key && one.Order < use.Order);
        bool isOwn = use.Words is [_, "weight", _, ..];
        IReadOnlyList<string> words = isOwn ? [.. use.Words.Skip(1)] : definition?.Last("weight")?.Words ?? [];
        int weight = ConfigValue.Integer(words.ElementAtOrDefault(1)) ?? kind.DefaultWeight;
        return new(kind, use, definition, words.ElementAtOrDefault(2) == "reverse" ? -weight : weight);
    }
}
