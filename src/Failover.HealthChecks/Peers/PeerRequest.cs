namespace Failover.HealthChecks.Peers;

/// <summary>What a request of a peer says, and is signed.</summary>
/// <param name="Nonce">Used once.</param>
/// <param name="Time">What the clock of who asks says, in milliseconds since 1970.</param>
/// <param name="Node">Who asks.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, without a query.</param>
internal sealed record PeerRequest(string Nonce, long Time, string Node, string Method, string Path);
