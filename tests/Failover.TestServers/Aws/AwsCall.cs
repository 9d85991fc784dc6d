using System.Xml.Linq;

namespace Failover.TestServers.Aws;

/// <summary>A request as it came over the wire.</summary>
internal sealed class AwsCall(string method, string target, IReadOnlyList<(string Name, string Value)> headers, byte[] body)
{
    internal string Method => method;

    /// <summary>Gets the path, as it came.</summary>
    internal string Path { get; } = target.Split('?')[0];

    /// <summary>Gets the query, as it came, without its question mark.</summary>
    internal string Query { get; } = target.Contains('?', StringComparison.Ordinal) ? target[(target.IndexOf('?', StringComparison.Ordinal) + 1)..] : "";

    internal IReadOnlyList<(string Name, string Value)> Headers => headers;

    internal byte[] Body => body;

    /// <summary>Gets what is asked for: <c>route53:ListResourceRecordSets</c>.</summary>
    internal string Action { get; set; } = "";

    internal string? this[string header] => headers.FirstOrDefault(one => string.Equals(one.Name, header, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Gets a parameter of the query, or of a form.</summary>
    internal static string? Parameter(string query, string name) => query
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(static pair => pair.Split('=', 2))
        .Where(pair => pair[0] == name)
        .Select(static pair => Uri.UnescapeDataString((pair.Length > 1 ? pair[1] : "").Replace('+', ' ')))
        .FirstOrDefault();

    /// <summary>Reads the body as XML of a namespace, which every element has to have, and returns it without.</summary>
    internal XElement Xml(XNamespace space, string root)
    {
        XElement element;
        try
        {
            element = XElement.Load(new MemoryStream(body));
        }
        catch (System.Xml.XmlException)
        {
            throw AwsRefusal.Of(400, "MalformedInput", "the body is no XML");
        }

        return element.Name == space + root && element.DescendantsAndSelf().All(one => one.Name.Namespace == space)
            ? AwsXml.Bare(element)
            : throw AwsRefusal.Of(400, "MalformedInput", $"the body is no {root} of {space}");
    }
}
