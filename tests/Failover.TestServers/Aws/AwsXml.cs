using System.Xml.Linq;

namespace Failover.TestServers.Aws;

/// <summary>Elements with and without a namespace.</summary>
internal static class AwsXml
{
    internal static XElement Bare(XElement element) => In(element, XNamespace.None);

    internal static XElement In(XElement element, XNamespace space) =>
        new(space + element.Name.LocalName, element.HasElements ? element.Elements().Select(child => In(child, space)) : element.Value);

    /// <summary>Refuses what a schema would: elements that it does not know, that come twice, or in another order.</summary>
    internal static void InOrder(XElement element, params string[] schema)
    {
        int at = -1;
        foreach (XElement child in element.Elements())
        {
            int next = Array.IndexOf(schema, child.Name.LocalName);
            if (next <= at)
            {
                throw AwsRefusal.Of(400, "InvalidInput", $"Invalid XML ; cvc-complex-type.2.4.a: Invalid content was found starting with element '{child.Name.LocalName}' in {element.Name.LocalName}");
            }

            at = next;
        }
    }
}
