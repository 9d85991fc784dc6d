namespace Failover.Aws.Signing;

/// <summary>What of a request is signed.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path, as it is on the wire.</param>
/// <param name="Query">The query, as it is on the wire, without its question mark.</param>
/// <param name="Headers">The headers that are signed; one that stands twice is in it twice.</param>
/// <param name="Body">The body.</param>
internal sealed record SignedRequest(string Method, string Path, string Query, IReadOnlyList<(string Name, string Value)> Headers, ReadOnlyMemory<byte> Body);
