using System.Collections;

namespace Failover.DnsSwitching;

/// <summary>All values of a name: a set, sorted. Two with the same values are equal. For any thread.</summary>
/// <remarks>Addresses of both kinds may stand together: a name with IPv4 and IPv6 is switched as a whole, or clients that prefer the other kind would stay with what is dead.</remarks>
public sealed class DnsValues : IReadOnlyList<DnsValue>, IEquatable<DnsValues>
{
    private readonly DnsValue[] _values;

    private DnsValues(DnsValue[] values) => _values = values;

    /// <summary>Gets the set of none: the name has neither addresses nor an alias.</summary>
    public static DnsValues None { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _values.Length;

    /// <inheritdoc/>
    public DnsValue this[int index] => _values[index];

    /// <summary>Makes a set of values; of equal ones it keeps one.</summary>
    /// <param name="values">The values, in any order.</param>
    public static DnsValues Of(params IEnumerable<DnsValue> values) => new([.. values.Distinct().OrderBy(static value => value.Kind).ThenBy(static value => value.Text, StringComparer.Ordinal)]);

    /// <summary>Reads a set of addresses, or a name alone.</summary>
    /// <param name="values">The addresses, or the name, as <see cref="DnsValue.Parse"/> takes them.</param>
    /// <exception cref="FormatException">One is neither an address nor a name, or a name is not alone: it cannot be beside anything else.</exception>
    public static DnsValues Parse(params IEnumerable<string> values)
    {
        DnsValues all = Of(values.Select(DnsValue.Parse));
        return all is [_, .., { Kind: DnsRecordKind.CName }] ? throw new FormatException($"{all}: a name has addresses, or is the alias of one other name, not both.") : all;
    }

    /// <summary>Returns the values of one kind.</summary>
    /// <param name="kind">The kind.</param>
    public IEnumerable<DnsValue> OfKind(DnsRecordKind kind) => _values.Where(value => value.Kind == kind);

    /// <inheritdoc/>
    public bool Equals(DnsValues? other) => other is not null && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DnsValues);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        Array.ForEach(_values, value => hash.Add(value));
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<DnsValue> GetEnumerator() => ((IEnumerable<DnsValue>)_values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _values.GetEnumerator();

    /// <summary>Returns the values with their kinds, apart by commas; <c>nothing</c> for none.</summary>
    public override string ToString() => _values.Length == 0 ? "nothing" : string.Join(", ", (IEnumerable<DnsValue>)_values);
}
