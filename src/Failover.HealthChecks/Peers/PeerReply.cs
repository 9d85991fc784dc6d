using System.Diagnostics.CodeAnalysis;

namespace Failover.HealthChecks;

/// <summary>The answer to who asks as a peer: for the package that serves it.</summary>
[Experimental("FAILOVER001")]
public sealed class PeerReply
{
    internal PeerReply(ReadOnlyMemory<byte> body, string signature, string? refusal) => (Body, Signature, Refusal) = (body, signature, refusal);

    /// <summary>Gets the body, as JSON; empty if it is refused.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Gets the value of the header that signs the body; empty if it is refused.</summary>
    public string Signature { get; }

    /// <summary>Gets why it is refused, for the log and never for who asks; null if it is not.</summary>
    public string? Refusal { get; }
}
