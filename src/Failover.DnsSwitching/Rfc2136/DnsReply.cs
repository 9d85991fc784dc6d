using Failover.DnsSwitching.Tsig;
using Failover.DnsSwitching.Wire;

namespace Failover.DnsSwitching.Rfc2136;

/// <summary>What came back from a name server.</summary>
internal abstract record DnsReply
{
    /// <summary>It answered.</summary>
    /// <param name="Message">The answer.</param>
    /// <param name="Signature">Its signature; null if it bears none.</param>
    /// <param name="Doubt">Why the answer is not to be believed; null if it is signed by our key. Errors about the key itself bear no signature.</param>
    internal sealed record Answered(DnsMessage Message, TsigRecord? Signature, string? Doubt) : DnsReply;

    /// <summary>Nothing was sent: nothing was done.</summary>
    internal sealed record NotSent(string Why) : DnsReply;

    /// <summary>It was sent, and no answer came that is one: it may have been done, or be done yet.</summary>
    internal sealed record Lost(string Why) : DnsReply;
}
