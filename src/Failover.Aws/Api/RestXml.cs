using System.Xml.Linq;

namespace Failover.Aws.Api;

/// <summary>XML with and without AWS's namespace: inside, elements have none.</summary>
internal static class RestXml
{
    /// <summary>Copies an element without namespaces and attributes.</summary>
    internal static XElement Bare(XElement element) => Spaced(element, XNamespace.None);

    /// <summary>Copies an element into a namespace.</summary>
    internal static XElement Spaced(XElement element, XNamespace space) =>
        new(space + element.Name.LocalName, element.HasElements ? element.Elements().Select(child => Spaced(child, space)) : element.Value);
}
