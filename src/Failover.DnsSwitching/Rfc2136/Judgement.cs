using Failover.DnsSwitching.Wire;

namespace Failover.DnsSwitching.Rfc2136;

/// <summary>What came of a change: by what the server said, and by what it shows afterwards.</summary>
internal static class Judgement
{
    /// <summary>The server answered, and refused nothing.</summary>
    internal static DnsOutcome Of(DnsChange change, DnsCode code, DnsRead read, string server) => code switch
    {
        // It says so, too, where it passed something over.
        DnsCode.NoError => read switch
        {
            DnsRead.Found { State: var actual } => actual.IsResultOf(change) ? new DnsOutcome.Applied(actual) : new DnsOutcome.Ignored(actual),
            _ => new DnsOutcome.Unknown($"{server} said that it was done, and could not be read then: {WhyOf(read)}"),
        },
        DnsCode.NxRrset or DnsCode.YxRrset or DnsCode.NxDomain or DnsCode.YxDomain => read switch
        {
            DnsRead.Found { State: var actual } when actual.IsResultOf(change) => new DnsOutcome.AlreadyThere(actual),
            DnsRead.Found { State: var actual } when actual.IsSameAs(change.From) => new DnsOutcome.Denied(WhyStuck(change, server)),
            DnsRead.Found { State: var actual } => new DnsOutcome.Conflict(actual),
            _ => new DnsOutcome.Conflict(null),
        },

        // All of an update is done, or nothing (RFC 2136 section 3.5).
        DnsCode.ServFail => new DnsOutcome.Failed($"{server} failed (SERVFAIL), and did nothing."),
        _ => OfLost(change, $"it answered {code}", read, server),
    };

    /// <summary>Whether it was done is to be seen, or not to be known.</summary>
    internal static DnsOutcome OfLost(DnsChange change, string why, DnsRead read, string server) => read switch
    {
        DnsRead.Found { State: var actual } when actual.IsResultOf(change) => new DnsOutcome.AlreadyThere(actual),

        // What is still under way comes too late: the name no longer looks as it must.
        DnsRead.Found { State: var actual } when !actual.IsSameAs(change.From) => new DnsOutcome.Conflict(actual),
        DnsRead.Found => new DnsOutcome.Unknown($"{server} was sent the change, and {why}; it was not done so far, and may be yet."),
        _ => new DnsOutcome.Unknown($"{server} was sent the change, and {why}; it could not be read then: {WhyOf(read)}"),
    };

    private static string WhyOf(DnsRead read) => read switch
    {
        DnsRead.Denied denied => denied.Reason,
        DnsRead.Failed failed => failed.Reason,
        _ => throw new InvalidOperationException("There is no other reading."),
    };

    private static string WhyStuck(DnsChange change, string server) =>
        $"{server} says that {change.From.Name} does not look as it does when it is read. "
        + (change.Values is [{ Kind: DnsRecordKind.CName }] ? "An alias can stand beside nothing else: other records of the name, of whatever type, must go first." : "Are its values those of a wildcard? The name must have records of its own.");
}
