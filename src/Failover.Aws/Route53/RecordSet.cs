using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Failover.Aws.Api;
using Failover.DnsSwitching;

namespace Failover.Aws.Route53;

/// <summary>A record set as Route 53 lists it, and wants to see it again to delete it. Immutable; never a secret.</summary>
internal sealed class RecordSet
{
    /// <summary>The elements of a set that stands alone, with one answer for all.</summary>
    private static readonly string[] Simple = ["Name", "Type", "TTL", "ResourceRecords"];

    private readonly XElement _xml;

    /// <param name="xml">The element. Its namespace is left out.</param>
    internal RecordSet(XElement xml)
    {
        _xml = RestXml.Bare(xml);

        // Listed with aliases, and not taken with them.
        _xml.Elements("ResourceRecords").Where(static records => !records.HasElements).Remove();
    }

    /// <summary>Gets the name, in lower case without its last dot.</summary>
    internal string Name => Plain(Text("Name"));

    internal string Type => Text("Type");

    internal string? SetIdentifier => Maybe("SetIdentifier");

    internal string? Failover => Maybe("Failover");

    internal string? HealthCheckId => Maybe("HealthCheckId");

    internal TimeSpan? TimeToLive => int.TryParse(Maybe("TTL"), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>Gets whether it is one answer for all: neither an alias, nor one of several by some policy, nor under a health check.</summary>
    internal bool IsSimple => _xml.Elements().All(static element => Simple.Contains(element.Name.LocalName));

    internal IEnumerable<string> Values => _xml.Element("ResourceRecords")?.Elements("ResourceRecord").Select(static record => record.Element("Value")?.Value ?? "") ?? [];

    /// <summary>Gets the texts of a TXT set, without their quotes.</summary>
    internal IEnumerable<string> Texts => Values.Select(Unquoted);

    /// <summary>Gets its values as addresses or a name; null if one is neither.</summary>
    internal IReadOnlyList<DnsValue>? DnsValues
    {
        get
        {
            List<DnsValue> values = [];
            foreach (string value in Values)
            {
                if (!DnsValue.TryParse(value, out DnsValue? one))
                {
                    return null;
                }

                values.Add(one);
            }

            return values;
        }
    }

    /// <summary>Gets the element, without a namespace. Not to be changed.</summary>
    internal XElement Xml => _xml;

    /// <summary>Makes a set that stands alone.</summary>
    internal static RecordSet Of(string name, string type, TimeSpan timeToLive, IEnumerable<string> values) => new(new XElement(
        "ResourceRecordSet",
        new XElement("Name", name + "."),
        new XElement("Type", type),
        new XElement("TTL", ((long)timeToLive.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
        Records(values)));

    /// <summary>Makes the element with the values of a set.</summary>
    internal static XElement Records(IEnumerable<string> values) => new("ResourceRecords", values.Select(static value => new XElement("ResourceRecord", new XElement("Value", value))));

    /// <summary>Quotes the text of a TXT record.</summary>
    internal static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>Tells whether two are the same to Route 53: all elements, values in any order.</summary>
    internal bool IsSameAs(RecordSet other) => XNode.DeepEquals(Sorted(_xml), Sorted(other._xml));

    /// <summary>Returns it as Route 53 has it: one line of XML.</summary>
    public override string ToString() => _xml.ToString(SaveOptions.DisableFormatting);

    /// <summary>Reads a name as Route 53 writes it: with a last dot, and what is no letter, digit, '-' or '_' as a number of three octal digits.</summary>
    internal static string Plain(string name) => Unescaped(name).TrimEnd('.').ToLowerInvariant();

    private static XElement Sorted(XElement set)
    {
        XElement copy = new(set.Name, set.Elements().OrderBy(static element => element.Name.LocalName, StringComparer.Ordinal).Select(static element => new XElement(element)));
        copy.Element("ResourceRecords")?.ReplaceNodes(set.Element("ResourceRecords")!.Elements()
            .Select(static record => DnsValue.TryParse(record.Value, out DnsValue? value) ? value.Text : record.Value)
            .Order(StringComparer.Ordinal)
            .Select(static value => new XElement("ResourceRecord", value)));
        if (copy.Element("Name") is { } name)
        {
            name.Value = Plain(name.Value);
        }

        if (copy.Element("AliasTarget")?.Element("DNSName") is { } target)
        {
            target.Value = Plain(target.Value);
        }

        return copy;
    }

    private static string Unquoted(string value)
    {
        StringBuilder text = new();
        bool isInside = false;
        string plain = Unescaped(value, keep: true);
        for (int i = 0; i < plain.Length; i++)
        {
            if (plain[i] == '\\' && i + 1 < plain.Length)
            {
                text.Append(plain[++i]);
            }
            else if (plain[i] == '"')
            {
                isInside = !isInside;
            }
            else if (isInside)
            {
                text.Append(plain[i]);
            }
        }

        return text.ToString();
    }

    /// <param name="text">The text.</param>
    /// <param name="keep">Whether a quote that is written as a number is not to end a text.</param>
    private static string Unescaped(string text, bool keep = false)
    {
        StringBuilder plain = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && text.AsSpan(i + 1, 3) is var digits && !digits.ContainsAnyExceptInRange('0', '7'))
            {
                char one = (char)(((digits[0] - '0') << 6) | ((digits[1] - '0') << 3) | (digits[2] - '0'));
                plain.Append(keep && one is '"' or '\\' ? $"\\{one}" : one.ToString());
                i += 3;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }

    private string Text(string name) => Maybe(name) ?? "";

    private string? Maybe(string name) => _xml.Element(name)?.Value;
}
