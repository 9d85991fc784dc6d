using System.Globalization;
using Failover.DnsSwitching.Tsig;
using Failover.DnsSwitching.Wire;

namespace Failover.DnsSwitching.Rfc2136;

/// <summary>What a name server refuses, in words: codes alone send users to a packet analyzer.</summary>
internal sealed class Refusals(string server, string zone, TsigKey key, TimeProvider time)
{
    /// <summary>Says why a server does not let us; null if its answer is no refusal.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="what">What was asked for: <c>change www.example.com</c>.</param>
    internal string? WhyOf(DnsReply.Answered answer, string what) => (answer.Message.Code, answer.Signature?.Error) switch
    {
        (DnsCode.NotAuth, DnsCode.BadSig) => $"{server} refuses the signature (BADSIG): the secret of key {key} is not the one that it has.",
        (DnsCode.NotAuth, DnsCode.BadKey) => $"{server} refuses key {key} (BADKEY): it has no such key with this algorithm, or the key has no grant to {what}.",
        (DnsCode.NotAuth, DnsCode.BadTime) => $"{server} refuses the time of the signature (BADTIME): {Clocks(answer.Signature)}",
        (DnsCode.NotAuth, DnsCode.BadTrunc) => $"{server} refuses the length of the signature by key {key} (BADTRUNC).",
        (DnsCode.NotAuth, _) => $"{server} is not the primary name server of zone {zone} (NOTAUTH).",
        (DnsCode.NotZone, _) => $"{server} says that the name is not within zone {zone} (NOTZONE).",
        (DnsCode.Refused, not null) when answer.Doubt is null => $"{server} refuses to {what} (REFUSED): key {key}, which it knows, has no grant for it in zone {zone}, or the zone takes no updates.",

        // PowerDNS says no more, whether it was the key, its secret or the clock.
        (DnsCode.Refused, _) => $"{server} refuses to {what} and does not say why (REFUSED). Possible causes: it has no key {key}; its secret is another one; its clock and ours, which says {Now}, differ by more than {TsigSigning.Fudge} s; "
            + $"the key has no grant for zone {zone}; or it takes no updates from this address.",
        (DnsCode.NotImp or DnsCode.FormErr, _) => $"{server} takes no updates, or not as RFC 2136 wants them ({answer.Message.Code.ToString().ToUpperInvariant()}).",
        _ => null,
    };

    private string Now => time.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private string Clocks(TsigRecord? signature) => signature?.ServerTime is { } theirs
        ? string.Create(CultureInfo.InvariantCulture, $"its clock differs from ours by {theirs - time.GetUtcNow().ToUnixTimeSeconds():+0;-0;0} s, and {TsigSigning.Fudge} s are allowed.")
        : $"its clock and ours, which says {Now}, differ by more than {TsigSigning.Fudge} s.";
}
