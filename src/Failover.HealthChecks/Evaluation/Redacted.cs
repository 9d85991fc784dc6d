using System.Text.RegularExpressions;

namespace Failover.HealthChecks.Evaluation;

/// <summary>What checks and exceptions say in words, without what looks like a secret, on one line and of bounded length. For logs; a body gets none of it.</summary>
internal static partial class Redacted
{
    private const int MostCharacters = 500;
    private const string Hidden = "***";

    internal static string Of(string? words)
    {
        if (string.IsNullOrWhiteSpace(words))
        {
            return "";
        }

        // Bounded before the search, with room for what the search takes away.
        string text = words.Length <= 4 * MostCharacters ? words : words[..(4 * MostCharacters)];
        text = UserInformation().Replace(text, "$1" + Hidden + "@");
        text = Pairs().Replace(text, "$1" + Hidden);
        text = Schemes().Replace(text, "$1 " + Hidden);
        text = WebTokens().Replace(text, Hidden);
        text = Controls().Replace(text, " ");
        return text.Length <= MostCharacters ? text : string.Concat(text.AsSpan(0, MostCharacters), "…");
    }

    // scheme://user:password@host
    [GeneratedRegex(@"([a-z][a-z0-9+.-]*://)[^\s/@]*@", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex UserInformation();

    // Password=…; "apiKey": "…"; access_token=…&
    [GeneratedRegex("""([\w .-]*(?:password|passwd|passphrase|pwd|secret|token|api[-_ ]?key|access[-_ ]?key|account[-_ ]?key|shared[-_ ]?key|signature|\bsig|credential|user[-_ ]?id|\buid|\buser(?:name)?)[\w-]*["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^;,&\s"']+)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pairs();

    [GeneratedRegex(@"\b(Bearer|Basic|Negotiate|Digest)\s+[A-Za-z0-9+/=._~-]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Schemes();

    [GeneratedRegex(@"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*)?", RegexOptions.CultureInvariant)]
    private static partial Regex WebTokens();

    [GeneratedRegex(@"[\p{C}\p{Zl}\p{Zp}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Controls();
}
