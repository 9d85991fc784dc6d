using System.Xml.Linq;
using Failover.DnsSwitching;

namespace Failover.Aws.Route53;

/// <summary>What the record sets of a name mean to a switcher, and which changes make of them what it wants. Pure.</summary>
internal static class Route53Names
{
    private const string Text = "TXT";

    private static readonly string[] Kinds = ["A", "AAAA", "CNAME"];

    /// <summary>How long caches may keep who moved a name: switchers ask Route 53 itself.</summary>
    private static readonly TimeSpan OwnerTimeToLive = TimeSpan.FromSeconds(60);

    /// <summary>Makes a state of the sets of a name and of its owner's.</summary>
    /// <param name="name">The name.</param>
    /// <param name="sets">The sets.</param>
    /// <param name="whyNot">Why such a name cannot be moved; null if it can.</param>
    internal static DnsRecordState StateOf(string name, IReadOnlyList<RecordSet> sets, out string? whyNot)
    {
        RecordSet[] own = [.. sets.Where(set => Part(set, name) is not null)];
        whyNot = own.FirstOrDefault(static set => !set.IsSimple) is { } other
            ? $"the {other.Type} set of {other.Name} is {(other.SetIdentifier is { } id ? $"'{Shown(id)}', one of several that Route 53 chooses from" : "an alias, or under a health check")}: such a name is not moved by its records, but by Route 53's own health checks"
            : null;
        List<DnsValue> values = [];
        foreach (RecordSet set in own.Where(static set => set.Type != Text))
        {
            if (set.DnsValues is { } some)
            {
                values.AddRange(some);
            }
            else
            {
                whyNot ??= $"a value of the {set.Type} set of {set.Name} is neither an address nor a name";
            }
        }

        RecordSet? owner = own.FirstOrDefault(static set => set.Type == Text);
        return new(
            name,
            DnsSwitching.DnsValues.Of(values),
            own.Where(static set => set.Type != Text).Max(static set => set.TimeToLive),
            owner is null ? null : string.Join(' ', owner.Texts),
            new XElement("Sets", own.OrderBy(static set => set.Type, StringComparer.Ordinal).Select(static set => set.Xml)).ToString(SaveOptions.DisableFormatting));
    }

    /// <summary>Makes the changes: each set goes exactly as it was, and comes anew. So the batch is carried out only if all of them still look like that.</summary>
    /// <returns>Null if the state does not tell how the sets look.</returns>
    internal static IReadOnlyList<(string Action, RecordSet Set)>? Batch(DnsChange change)
    {
        if (SetsOf(change.From) is not { } before)
        {
            return null;
        }

        return [.. Deletes(before), .. Creates(change.From.Name, change.Values, change.TimeToLive), ("CREATE", RecordSet.Of(DnsOwner.RecordOf(change.From.Name), Text, OwnerTimeToLive, [RecordSet.Quoted(change.Owner.ToString())]))];
    }

    /// <summary>
    /// Makes batches that ask for the same rights as moves do, and can never be carried out: each begins with the deletion of a text that is not there, and a batch is done as a whole or not at all. There is one for each kind of value, since a name
    /// cannot be of all kinds at once, and Route 53 tells all that is wrong with a batch.
    /// </summary>
    /// <param name="state">What the name looks like.</param>
    /// <param name="values">All that it may be given.</param>
    /// <param name="unheard">A word that stands nowhere.</param>
    internal static IEnumerable<IReadOnlyList<(string Action, RecordSet Set)>> ProbeBatches(DnsRecordState state, DnsValues values, string unheard)
    {
        RecordSet absent = RecordSet.Of(DnsOwner.RecordOf(state.Name), Text, OwnerTimeToLive, [RecordSet.Quoted($"failover-probe={unheard}")]);
        (string, RecordSet)[] deletes = [("DELETE", absent), .. Deletes(SetsOf(state)!.Where(static set => set.Type != Text))];
        return Creates(state.Name, values, OwnerTimeToLive)
            .Select(static create => ((string, RecordSet)[])[create])
            .DefaultIfEmpty([])
            .Select(IReadOnlyList<(string, RecordSet)> (creates) => [.. deletes, .. creates, ("CREATE", absent)]);
    }

    private static IEnumerable<(string Action, RecordSet Set)> Deletes(IEnumerable<RecordSet> sets) => sets.Select(static set => ("DELETE", set));

    private static IEnumerable<(string Action, RecordSet Set)> Creates(string name, DnsValues values, TimeSpan timeToLive) => values
        .GroupBy(static value => value.Kind)
        .Select(kind => ("CREATE", RecordSet.Of(name, TypeOf(kind.Key), timeToLive, kind.Select(static value => value.Kind == DnsRecordKind.CName ? value.Text + "." : value.Text))));

    private static List<RecordSet>? SetsOf(DnsRecordState state)
    {
        try
        {
            return state.Token is { } token && XElement.Parse(token) is { Name.LocalName: "Sets" } sets ? [.. sets.Elements().Select(static set => new RecordSet(set))] : null;
        }
        catch (System.Xml.XmlException)
        {
            return null;
        }
    }

    /// <summary>What a set is to the name: one of its kinds, or its owner's text; null if it is something else that stays.</summary>
    private static string? Part(RecordSet set, string name) =>
        set.Name == name ? Kinds.FirstOrDefault(kind => kind == set.Type)
        : set.Type == Text && set.Name == DnsOwner.RecordOf(name) ? Text
        : null;

    private static string TypeOf(DnsRecordKind kind) => kind == DnsRecordKind.CName ? "CNAME" : kind.ToString();

    private static string Shown(string identifier) => new([.. identifier.Take(64).Select(static one => char.IsControl(one) ? ' ' : one)]);
}
