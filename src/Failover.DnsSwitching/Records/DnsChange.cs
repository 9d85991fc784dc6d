using System.Diagnostics.CodeAnalysis;

namespace Failover.DnsSwitching;

/// <summary>What is to be made of a name. It is done only while the name still looks as it did when the change was made up.</summary>
[Experimental("FAILOVER001")]
public sealed record DnsChange
{
    /// <summary>Initializes a change.</summary>
    /// <param name="from">What the name looks like now.</param>
    /// <param name="values">What is to stand there: addresses, or one name.</param>
    /// <param name="timeToLive">How long caches may keep it.</param>
    /// <param name="owner">Who moves it.</param>
    /// <exception cref="ArgumentException">There is no value, or a name beside others; or the name has a foreign owner.</exception>
    public DnsChange(DnsRecordState from, DnsValues values, TimeSpan timeToLive, DnsOwner owner)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(owner);
        if (values is [] or [_, .., { Kind: DnsRecordKind.CName }])
        {
            throw new ArgumentException($"A name is given addresses, or is made the alias of one other name; not {values}.", nameof(values));
        }

        if (from.IsForeign)
        {
            throw new ArgumentException($"{DnsOwner.RecordOf(from.Name)} holds a text that no switcher wrote: the name is someone else's.", nameof(from));
        }

        (From, Values, TimeToLive, Owner) = (from, values, timeToLive, owner);
    }

    /// <summary>Gets what the name looked like when the change was made up.</summary>
    public DnsRecordState From { get; }

    /// <summary>Gets what is to stand there.</summary>
    public DnsValues Values { get; }

    /// <summary>Gets how long caches may keep it, in whole seconds.</summary>
    public TimeSpan TimeToLive { get; }

    /// <summary>Gets who moves it.</summary>
    public DnsOwner Owner { get; }

    /// <summary>Returns the change in words, one act a line, for people. Never a secret.</summary>
    public IReadOnlyList<string> Steps =>
    [
        .. From.Values.Except(Values).Select(value => $"remove {From.Name} {value}"),
        .. Values.Select(value => $"{(From.Values.Contains(value) ? "keep" : "add")} {From.Name} {value}, TTL {TimeToLive.TotalSeconds:0} s"),
        $"write {DnsOwner.RecordOf(From.Name)} TXT \"{Owner}\"{(From.OwnerText is { } before ? $" in the place of \"{before}\"" : "")}",
    ];
}
