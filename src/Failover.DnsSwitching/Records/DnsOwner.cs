using System.Globalization;

namespace Failover.DnsSwitching;

/// <summary>Who moved a name last. It stands in a TXT record beside it, <c>_failover.&lt;name&gt;</c>, since nothing may stand beside an alias, and changes in the same act.</summary>
public sealed record DnsOwner
{
    private const int LongestWord = 64;

    /// <summary>Initializes an owner.</summary>
    /// <param name="app">Whose name it is: the same in all processes that may move it.</param>
    /// <param name="token">The fencing token of the lease under which it was moved; null where none was asked for.</param>
    /// <param name="operation">Which move it was: another word each time.</param>
    /// <exception cref="ArgumentException">A word has not 1 to 64 letters, digits, '.', '_' and '-', or the token is negative.</exception>
    public DnsOwner(string app, long? token, string operation)
    {
        if (!IsWord(app) || !IsWord(operation) || token < 0)
        {
            throw new ArgumentException($"An owner's app and operation have 1 to {LongestWord} letters, digits, '.', '_' and '-', and its token is not negative.");
        }

        (App, Token, Operation) = (app, token, operation);
    }

    /// <summary>Gets whose name it is.</summary>
    public string App { get; }

    /// <summary>Gets the fencing token of the lease under which it was moved; null where there was none.</summary>
    public long? Token { get; }

    /// <summary>Gets which move it was.</summary>
    public string Operation { get; }

    /// <summary>Gets the name of the TXT record that tells the owner of a name.</summary>
    /// <param name="name">The name that is moved.</param>
    public static string RecordOf(string name) => $"_failover.{name}";

    /// <summary>Reads what <see cref="ToString"/> wrote, and nothing else; null for any other text: it is someone else's.</summary>
    /// <param name="text">The text of the TXT record.</param>
    public static DnsOwner? Parse(string? text)
    {
        if (text?.Split(';') is not [var app, .. var token, var operation] || token.Length > 1
            || After("failover-owner=", app) is not { } its || !IsWord(its) || After("op=", operation) is not { } which || !IsWord(which))
        {
            return null;
        }

        if (token.Length == 0)
        {
            return new(its, null, which);
        }

        return long.TryParse(After("token=", token[0]), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? new(its, number, which) : null;
    }

    /// <summary>Returns the text of the TXT record: <c>failover-owner=shop;token=7;op=3f2a</c>, without the token where there is none.</summary>
    public override string ToString() =>
        Token is { } token ? string.Create(CultureInfo.InvariantCulture, $"failover-owner={App};token={token};op={Operation}") : $"failover-owner={App};op={Operation}";

    private static string? After(string key, string field) => field.StartsWith(key, StringComparison.Ordinal) ? field[key.Length..] : null;

    internal static bool IsWord(string? text) => text is { Length: > 0 and <= LongestWord } && text.All(static one => char.IsAsciiLetterOrDigit(one) || one is '.' or '_' or '-');
}
