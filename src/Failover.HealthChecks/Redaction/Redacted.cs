using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Failover.HealthChecks.Redaction;

/// <summary>
/// What checks and exceptions say in words, without what looks like a secret, on one line and of bounded length. For logs; a body gets none of it. Rather hides too much than too little.
/// Reads a bounded part of them, and every search in it has bounds of its own: no words take long. Never throws.
/// </summary>
internal static partial class Redacted
{
    internal const string Hidden = "***";
    private const int MostRead = 8_000;
    private const int MostShown = 500;

    internal static string Of(string? words)
    {
        if (string.IsNullOrWhiteSpace(words))
        {
            return "";
        }

        string text = Whole(words);
        text = PrivateKeys().Replace(text, Hidden);
        text = UserInformation.Hide(text);
        text = SecretPairs.Hide(text);
        text = Schemes().Replace(text, HideCredentials);
        text = Tokens().Replace(text, Hidden);
        return Line(text);
    }

    /// <summary>What is too long is cut between two words: half a secret is not always known for one.</summary>
    private static string Whole(string words)
    {
        if (words.Length <= MostRead)
        {
            return words;
        }

        int end = MostRead;
        while (end > 0 && !char.IsWhiteSpace(words[end]))
        {
            end--;
        }

        return end == 0 ? Hidden : words[..end];
    }

    /// <summary>On one line: a line break, or a character that turns the direction of writing, would let words look like another entry of the log.</summary>
    private static string Line(string text)
    {
        StringBuilder line = new(Math.Min(text.Length, MostShown));
        foreach (char one in text)
        {
            bool isGap = char.IsControl(one) || char.GetUnicodeCategory(one) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator;
            if (isGap && (line.Length == 0 || line[^1] == ' '))
            {
                continue;
            }

            if (line.Length == MostShown)
            {
                // Not between the halves of a pair.
                int end = char.IsHighSurrogate(line[^1]) ? line.Length - 1 : line.Length;
                return string.Concat(line.ToString().AsSpan(0, end), "…");
            }

            line.Append(isGap ? ' ' : one);
        }

        return line.ToString().TrimEnd();
    }

    /// <summary>Prose speaks of a «Bearer token» and of «Basic authentication».</summary>
    private static string HideCredentials(Match match)
    {
        (string scheme, string value) = (match.Groups[1].Value, match.Groups[2].Value);
        bool isBearer = scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase);
        string word = value.TrimEnd('.', ':', '-');
        bool isProse = isBearer
            ? word is "token" or "tokens" or "auth" or "authentication" or "authorization" or "scheme" or "challenge" or "realm" or "error" or "header" or "credentials" or "was" or "is" or Hidden
            : word.All(char.IsAsciiLetterLower) || (word.Length < 8 && word.All(char.IsAsciiLetter));
        return isProse ? match.Value : $"{scheme} {Hidden}";
    }

    [GeneratedRegex("-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:(?!-----END).)*(?:-----END [A-Z ]{0,30}-----)?", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex PrivateKeys();

    [GeneratedRegex(@"\b(Bearer|Basic|Negotiate|NTLM|Digest|Token|ApiKey|SharedKey|SharedAccessSignature)[ \t]{1,4}([A-Za-z0-9+/=._~:-]+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Schemes();

    // JSON web tokens; keys of AWS, GitHub, GitLab, Slack, Stripe, OpenAI, Vault, npm, Google, SendGrid; keys in Base64, as Azure has them.
    [GeneratedRegex(@"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){0,4}|\b(?:AKIA|ASIA)[A-Z0-9]{12,}|\b(?:gh[pousr]_|github_pat_|glpat-|xox[a-z]-|[srp]k_(?:live|test)_|sk-|hvs\.|npm_|AIza|ya29\.|SG\.)[A-Za-z0-9_.-]{16,}|(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{38,}={1,2}", RegexOptions.CultureInvariant)]
    private static partial Regex Tokens();
}
