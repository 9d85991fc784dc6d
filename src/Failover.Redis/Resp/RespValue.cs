using System.Collections.Immutable;

namespace Failover.Redis.Resp;

/// <summary>An answer of a server, or a part of one. Immutable.</summary>
internal sealed class RespValue
{
    private RespValue(RespKind kind, string? text, long number, ImmutableArray<RespValue> items) => (Kind, Text, Number, Items) = (kind, text, number, items);

    /// <summary>Gets the value for «nothing».</summary>
    internal static RespValue Null { get; } = new(RespKind.Null, null, 0, []);

    /// <summary>Gets what it is.</summary>
    internal RespKind Kind { get; }

    /// <summary>Gets the text of a string or an error, as UTF-8; null for all else.</summary>
    internal string? Text { get; }

    /// <summary>Gets the number of an integer; 0 for all else.</summary>
    internal long Number { get; }

    /// <summary>Gets the items of an array; none for all else.</summary>
    internal ImmutableArray<RespValue> Items { get; }

    /// <summary>Returns what it is, and nothing of what it holds.</summary>
    public override string ToString() => Kind.ToString();

    internal static RespValue OfText(string text) => new(RespKind.Text, text, 0, []);

    internal static RespValue OfError(string text) => new(RespKind.Error, text, 0, []);

    internal static RespValue OfNumber(long number) => new(RespKind.Number, null, number, []);

    internal static RespValue OfItems(ImmutableArray<RespValue> items) => new(RespKind.Array, null, 0, items);
}
