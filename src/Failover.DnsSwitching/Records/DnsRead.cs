using System.Diagnostics.CodeAnalysis;

namespace Failover.DnsSwitching;

/// <summary>What came of a look at a name: one of the records below, and no other.</summary>
[Experimental("FAILOVER001")]
public abstract record DnsRead
{
    private protected DnsRead()
    {
    }

    /// <summary>The authority answered.</summary>
    /// <param name="State">What the name looks like; a name that is not there has no values.</param>
    public sealed record Found(DnsRecordState State) : DnsRead;

    /// <summary>The provider does not let us read: trying again would not help.</summary>
    /// <param name="Reason">Why, for people. Never a secret.</param>
    public sealed record Denied(string Reason) : DnsRead;

    /// <summary>No answer, or none that is one. Trying again may help.</summary>
    /// <param name="Reason">Why, for people. Never a secret.</param>
    public sealed record Failed(string Reason) : DnsRead;
}
