using System.Xml.Linq;

namespace Failover.TestServers.Aws;

/// <summary>A request that is refused.</summary>
internal sealed class AwsRefusal(int status, string code, IReadOnlyList<string> messages) : Exception($"{code}: {string.Join("; ", messages)}")
{
    private const string InvalidBatch = "InvalidChangeBatch";

    internal int Status => status;

    internal string Code => code;

    internal static AwsRefusal Of(int status, string code, string message) => new(status, code, [message]);

    /// <summary>Makes the refusal of a batch, with all that is wrong with it.</summary>
    internal static AwsRefusal Batch(params IReadOnlyList<string> messages) => new(400, InvalidBatch, messages);

    /// <summary>How it is told: the older APIs have one shape, and Route 53 a second one for some batches.</summary>
    /// <param name="space">The namespace.</param>
    /// <param name="asRoot">Whether to take the second shape, with the code as the root.</param>
    internal XElement Body(XNamespace space, bool asRoot) => asRoot
        ? new(space + code, new XElement(space + "Messages", messages.Select(message => new XElement(space + "Message", message))), new XElement(space + "RequestId", Guid.NewGuid()))
        : new(space + "ErrorResponse", new XElement(space + "Error", new XElement(space + "Type", "Sender"), new XElement(space + "Code", code), new XElement(space + "Message", code == InvalidBatch ? $"[{string.Join(", ", messages)}]" : string.Join(", ", messages))), new XElement(space + "RequestId", Guid.NewGuid()));
}
