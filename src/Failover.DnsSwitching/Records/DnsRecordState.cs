namespace Failover.DnsSwitching;

/// <summary>What a name looks like at its authority. Never a secret.</summary>
/// <param name="Name">The name, in lower case without its last dot.</param>
/// <param name="Values">All its addresses, or what it is an alias of; <see cref="DnsValues.None"/> if it has neither.</param>
/// <param name="TimeToLive">How long caches may keep the values, the longest of them; null if there are none, or the provider does not tell.</param>
/// <param name="OwnerText">What stands in the TXT record beside the name (<see cref="DnsOwner.RecordOf"/>), a foreign text, too; null if there is none.</param>
/// <param name="Token">What the provider needs beside the values for its compare-and-swap, such as the ids of records; null if it needs nothing.</param>
/// <param name="IsProxied">Whether clients see addresses of the provider in the place of the values.</param>
public sealed record DnsRecordState(string Name, DnsValues Values, TimeSpan? TimeToLive, string? OwnerText, string? Token = null, bool IsProxied = false)
{
    /// <summary>Gets who moved the name last; null if nobody did, or someone else's text stands there.</summary>
    public DnsOwner? Owner => DnsOwner.Parse(OwnerText);

    /// <summary>Gets whether a text stands where the owner is told that no switcher wrote: such a name is not touched.</summary>
    public bool IsForeign => OwnerText is not null && Owner is null;

    /// <summary>Tells whether this is what a change was to make: its values, by its own move. The time to live is not compared, since some providers round it.</summary>
    /// <param name="change">The change.</param>
    public bool IsResultOf(DnsChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return Values.Equals(change.Values) && change.Owner.Equals(Owner);
    }

    /// <summary>Tells whether a name still looks as it did: values and owner. The time to live is not compared: it is not part of a compare-and-swap.</summary>
    /// <param name="other">What it looked like.</param>
    public bool IsSameAs(DnsRecordState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Values.Equals(other.Values) && OwnerText == other.OwnerText;
    }
}
