using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;

namespace Failover.TestServers.Aws;

/// <summary>The record sets of a zone.</summary>
public sealed class Route53Zone
{
    private readonly string _name;
    private readonly Func<string, bool> _hasHealthCheck;
    private volatile ImmutableSortedDictionary<(string Order, string Type, string Identifier), XElement> _sets = ImmutableSortedDictionary.Create<(string, string, string), XElement>(
        Comparer<(string, string, string)>.Create(static (one, other) => string.CompareOrdinal(one.Item1, other.Item1) is not 0 and int names ? names : string.CompareOrdinal(one.Item2, other.Item2) is not 0 and int types ? types : string.CompareOrdinal(one.Item3, other.Item3)));

    internal Route53Zone(string name, Func<string, bool> hasHealthCheck)
    {
        (_name, _hasHealthCheck) = (name, hasHealthCheck);
        Put(name, "NS", 172800, "ns-1.awsdns-00.com.", "ns-2.awsdns-00.net.");
        Put(name, "SOA", 900, "ns-1.awsdns-00.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400");
    }

    /// <summary>Puts a set that stands alone, whatever is there.</summary>
    public void Put(string name, string type, int timeToLive, params string[] values) => Put(new XElement(
        "ResourceRecordSet",
        new XElement("Name", name),
        new XElement("Type", type),
        new XElement("TTL", timeToLive),
        new XElement("ResourceRecords", values.Select(static value => new XElement("ResourceRecord", new XElement("Value", value))))));

    /// <summary>Puts a set, whatever is there.</summary>
    /// <param name="set">The set, as XML without a namespace.</param>
    public void Put(XElement set) => _sets = _sets.SetItem(KeyOf(set), Kept(set));

    /// <summary>Takes a set away.</summary>
    public void Remove(string name, string type) => _sets = _sets.RemoveRange(_sets.Keys.Where(key => key.Order == Route53Name.Order(name) && key.Type == type));

    /// <summary>Returns the values of the sets of a name and a type, in order.</summary>
    public IReadOnlyList<string> Values(string name, string type) =>
        [.. _sets.Where(set => set.Key.Order == Route53Name.Order(name) && set.Key.Type == type).SelectMany(static set => set.Value.Descendants("Value")).Select(static value => value.Value).Order(StringComparer.Ordinal)];

    /// <summary>Returns the sets of a name and a type, as XML without a namespace.</summary>
    public IReadOnlyList<XElement> Sets(string name, string type) => [.. _sets.Where(set => set.Key.Order == Route53Name.Order(name) && set.Key.Type == type).Select(static set => new XElement(set.Value))];

    /// <summary>Carries a batch out, one change after the other, on a copy that counts only if all of them fit; all that do not are told.</summary>
    internal void Change(IEnumerable<(string Action, XElement Set)> changes)
    {
        ImmutableSortedDictionary<(string Order, string Type, string Identifier), XElement> sets = _sets;
        List<string> problems = [];
        foreach ((string action, XElement set) in changes)
        {
            (string Order, string Type, string Identifier) key = KeyOf(set);
            XElement? there = sets.GetValueOrDefault(key);
            ImmutableSortedDictionary<(string Order, string Type, string Identifier), XElement> next = action == "DELETE" ? sets.Remove(key) : sets.SetItem(key, Kept(set));
            string name = Route53Name.Told(Route53Name.Plain(set.Element("Name")!.Value));
            string? problem = name != _name + "." && !name.EndsWith($".{_name}.", StringComparison.Ordinal) ? $"RRSet with DNS name {name} is not permitted in zone {_name}."
                : action == "DELETE" && there is null ? $"Tried to delete resource record set [name='{name}', type='{key.Type}'] but it was not found"
                : action == "DELETE" ? XNode.DeepEquals(there, Kept(set)) ? null : $"Tried to delete resource record set [name='{name}', type='{key.Type}'] but the values provided do not match the current values"
                : action == "CREATE" && there is not null ? $"Tried to create resource record set [name='{name}', type='{key.Type}'] but it already exists"
                : Beside([.. next.Where(one => one.Key.Order == key.Order).Select(static one => one.Value)], set, name, key.Type);
            if (problem is null)
            {
                sets = next;
            }
            else
            {
                problems.Add(problem);
            }
        }

        _sets = problems.Count == 0 ? sets : throw AwsRefusal.Batch(problems);
    }

    internal XElement List(string query)
    {
        (string? name, string? type, string? identifier) = (AwsCall.Parameter(query, "name"), AwsCall.Parameter(query, "type"), AwsCall.Parameter(query, "identifier"));
        if (type is not null && name is null)
        {
            throw AwsRefusal.Of(400, "InvalidInput", "Invalid request: a type without a name");
        }

        int most = int.Parse(AwsCall.Parameter(query, "maxitems") ?? "300", CultureInfo.InvariantCulture);
        string start = name is null ? "" : Route53Name.Order(Route53Name.Plain(name));
        XElement[] from = [.. _sets.SkipWhile(set => _sets.KeyComparer.Compare(set.Key, (start, type ?? "", identifier ?? "")) < 0).Select(static set => set.Value).Take(most + 1)];
        XElement? next = from.Length > most ? from[most] : null;
        return new(
            "ListResourceRecordSetsResponse",
            new XElement("ResourceRecordSets", from.Take(most)),
            new XElement("IsTruncated", next is null ? "false" : "true"),
            next is null ? null : new XElement("NextRecordName", next.Element("Name")!.Value),
            next is null ? null : new XElement("NextRecordType", next.Element("Type")!.Value),
            next?.Element("SetIdentifier") is { } id ? new XElement("NextRecordIdentifier", id.Value) : null,
            new XElement("MaxItems", most));
    }

    /// <summary>Tells why a set cannot stand with the others of its name; null if it can.</summary>
    private string? Beside(XElement[] all, XElement set, string name, string type)
    {
        if (type == "CNAME" && name == _name + ".")
        {
            return $"RRSet of type CNAME with DNS name {name} is not permitted at apex in zone {_name}.";
        }

        if (all.Any(one => (one.Element("Type")!.Value == "CNAME") != (type == "CNAME")))
        {
            return type == "CNAME" ? $"RRSet of type CNAME with DNS name {name} is not permitted as it conflicts with other records with the same DNS name in zone {_name}."
                : $"RRSet of type {type} with DNS name {name} is not permitted because a conflicting RRSet of type  CNAME with the same DNS name already exists in zone {_name}.";
        }

        XElement[] same = [.. all.Where(one => one.Element("Type")!.Value == type)];
        string? failover = set.Element("Failover")?.Value;
        if (same.Length > 1 && same.Any(static one => one.Element("SetIdentifier") is null))
        {
            return $"RRSet with DNS name {name}, type {type} cannot be created as other RRSets exist with the same name and type.";
        }

        if (failover is null != set.Element("SetIdentifier") is null || failover is not (null or "PRIMARY" or "SECONDARY") || (failover is not null && same.Count(one => one.Element("Failover")?.Value == failover) > 1))
        {
            return $"Failover and SetIdentifier go together, and each of PRIMARY and SECONDARY stands once: {name} {type}";
        }

        if (failover == "PRIMARY" && set.Element("HealthCheckId") is null && set.Element("AliasTarget")?.Element("EvaluateTargetHealth")?.Value != "true")
        {
            return $"The primary of {name} {type} has no health check";
        }

        return set.Element("HealthCheckId")?.Value is { } check && !_hasHealthCheck(check) ? throw AwsRefusal.Of(404, "NoSuchHealthCheck", $"No health check exists with the specified ID: {check}") : null;
    }

    private static (string, string, string) KeyOf(XElement set) => (Route53Name.Order(Route53Name.Plain(set.Element("Name")!.Value)), set.Element("Type")!.Value, set.Element("SetIdentifier")?.Value ?? "");

    /// <summary>As it is kept and told: the name with escapes and a last dot, values in order.</summary>
    private static XElement Kept(XElement set)
    {
        XElement kept = new(set);
        kept.Element("Name")!.Value = Route53Name.Told(Route53Name.Plain(kept.Element("Name")!.Value));
        kept.Element("ResourceRecords")?.ReplaceNodes(set.Element("ResourceRecords")!.Elements().OrderBy(static record => record.Value, StringComparer.Ordinal));
        if (kept.Element("AliasTarget")?.Element("DNSName") is { } target)
        {
            target.Value = Route53Name.Told(Route53Name.Plain(target.Value));
        }

        return kept;
    }
}
