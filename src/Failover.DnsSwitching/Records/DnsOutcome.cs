using System.Diagnostics.CodeAnalysis;

namespace Failover.DnsSwitching;

/// <summary>What came of a change: one of the records below, and no other.</summary>
[Experimental("FAILOVER001")]
public abstract record DnsOutcome
{
    private protected DnsOutcome()
    {
    }

    /// <summary>It was done, and the authority shows it.</summary>
    /// <param name="ReadBack">What the authority shows.</param>
    public sealed record Applied(DnsRecordState ReadBack) : DnsOutcome;

    /// <summary>The authority shows it, by this very move: it was done before, and the answer was lost. Nothing was done now.</summary>
    /// <param name="State">What the authority shows.</param>
    public sealed record AlreadyThere(DnsRecordState State) : DnsOutcome;

    /// <summary>The name no longer looked as it did: someone else moved it. Nothing was done, and nothing is to be forced.</summary>
    /// <param name="Actual">What it looks like; null if that could not be read.</param>
    public sealed record Conflict(DnsRecordState? Actual) : DnsOutcome;

    /// <summary>The provider does not let us: a key, a right, a zone, a clock. Nothing was done, and trying again would not help.</summary>
    /// <param name="Reason">Why, for people: which key, zone and server. Never a secret.</param>
    public sealed record Denied(string Reason) : DnsOutcome;

    /// <summary>The provider wants fewer requests. Nothing was done.</summary>
    /// <param name="After">When to try again; null if it did not say.</param>
    public sealed record Throttled(TimeSpan? After) : DnsOutcome;

    /// <summary>Nothing was done: the provider could not be reached, or failed. Trying again may help.</summary>
    /// <param name="Reason">Why, for people. Never a secret.</param>
    public sealed record Failed(string Reason) : DnsOutcome;

    /// <summary>It was sent, and whether it was done, or will be, is not known: read before anything else.</summary>
    /// <param name="Reason">Why, for people. Never a secret.</param>
    public sealed record Unknown(string Reason) : DnsOutcome;

    /// <summary>The provider said that it was done, and the authority shows something else.</summary>
    /// <param name="Actual">What it shows.</param>
    public sealed record Ignored(DnsRecordState Actual) : DnsOutcome;
}
