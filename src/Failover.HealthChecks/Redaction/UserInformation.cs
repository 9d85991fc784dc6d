using System.Text;
using System.Text.RegularExpressions;

namespace Failover.HealthChecks.Redaction;

/// <summary>Hides who logs on in an address, with the password: <c>amqp://user:password@host</c> and <c>user:password@host</c>.</summary>
internal static partial class UserInformation
{
    internal static string Hide(string text)
    {
        StringBuilder shown = new(text.Length);
        int done = 0;
        for (int at = text.IndexOf("://", StringComparison.Ordinal); at >= 0; at = text.IndexOf("://", Math.Max(at + 3, done), StringComparison.Ordinal))
        {
            int start = at + 3;
            int length = Length(text.AsSpan(start), text.AsSpan(0, at).EndsWith("http", StringComparison.OrdinalIgnoreCase) || text.AsSpan(0, at).EndsWith("https", StringComparison.OrdinalIgnoreCase));
            if (length >= 0)
            {
                shown.Append(text, done, start - done).Append(Redacted.Hidden);
                done = start + length;
            }
        }

        return Schemeless().Replace(shown.Append(text, done, text.Length - done).ToString(), Redacted.Hidden + "@");
    }

    /// <summary>How long the user information is that the text after the scheme begins with; −1 if there is none. A password may hold what ought to be escaped in an address.</summary>
    private static int Length(ReadOnlySpan<char> text, bool isHttp)
    {
        int end = text.IndexOfAny(" \t\r\n");
        ReadOnlySpan<char> address = end < 0 ? text : text[..end];
        int last = address.LastIndexOf('@');
        if (last < 0)
        {
            return -1;
        }

        int path = address.IndexOfAny('/', '?', '#');
        ReadOnlySpan<char> authority = path < 0 ? address : address[..path];
        int at = authority.LastIndexOf('@');
        int colon = authority.IndexOf(':');
        if (at >= 0)
        {
            return colon >= 0 && colon < at ? last : at;
        }

        // No host has a name like «user:pa»: the password goes on behind the slash. In the path of a web address an @ is nothing unusual.
        bool isPort = colon < 0 || authority[0] == '[' || !authority[(colon + 1)..].ContainsAnyExceptInRange('0', '9');
        return isHttp && isPort ? -1 : last;
    }

    [GeneratedRegex("""(?<![\w/.%+@-])[\w.%+-]{1,64}:[^\s@"'<>/:;,]{1,128}@(?=[\w\[])""", RegexOptions.CultureInvariant)]
    private static partial Regex Schemeless();
}
