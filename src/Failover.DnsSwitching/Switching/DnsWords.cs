using System.Globalization;

namespace Failover.DnsSwitching.Switching;

/// <summary>Outcomes in words, for people.</summary>
internal static class DnsWords
{
    internal static string Of(DnsOutcome outcome) => outcome switch
    {
        DnsOutcome.Applied applied => $"it holds {applied.ReadBack.Values}",
        DnsOutcome.AlreadyThere there => $"it holds {there.State.Values} already, by this very move",
        DnsOutcome.Conflict { Actual: { } actual } => $"someone else moved it first: it holds {actual.Values}{(actual.OwnerText is { } owner ? $", by \"{owner}\"" : "")}",
        DnsOutcome.Conflict => "someone else moved it first",
        DnsOutcome.Denied denied => denied.Reason,
        DnsOutcome.Throttled { After: { } pause } => string.Create(CultureInfo.InvariantCulture, $"the provider wants no request for {pause.TotalSeconds:0.###} s"),
        DnsOutcome.Throttled => "the provider wants fewer requests",
        DnsOutcome.Failed failed => failed.Reason,
        DnsOutcome.Unknown unknown => $"whether it was moved is not known: {unknown.Reason}",
        DnsOutcome.Ignored ignored => $"the provider said that it was moved, and it holds {ignored.Actual.Values}",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };
}
