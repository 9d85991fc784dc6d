namespace Failover.PostgreSql.Cutting;

/// <summary>Whether a statement commits.</summary>
internal enum Ending
{
    /// <summary>It does not, by itself.</summary>
    None,

    /// <summary>It ends the transaction: COMMIT, END, PREPARE TRANSACTION.</summary>
    Commits,

    /// <summary>It may commit, and go on after that: CALL, DO.</summary>
    MayCommitWithin,
}

/// <summary>Knows by its first word whether a statement commits. In doubt it does.</summary>
internal static class SqlEnding
{
    internal static Ending Of(ReadOnlySpan<byte> text)
    {
        text = AfterBlanks(text);
        return Begins(text, "COMMIT"u8) || Begins(text, "END"u8) || Begins(text, "PREPARE"u8) ? Ending.Commits
            : Begins(text, "CALL"u8) || Begins(text, "DO"u8) ? Ending.MayCommitWithin
            : text.IsEmpty ? Ending.MayCommitWithin
            : Ending.None;
    }

    private static bool Begins(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => text.Length >= word.Length && System.Text.Ascii.EqualsIgnoreCase(text[..word.Length], word);

    /// <summary>Skips what may stand before the first word. What is left is empty where a comment is longer than what was kept of the text.</summary>
    private static ReadOnlySpan<byte> AfterBlanks(ReadOnlySpan<byte> text)
    {
        while (true)
        {
            text = text.TrimStart(" \t\r\n\f\v;("u8);
            if (text.StartsWith("--"u8))
            {
                int line = text.IndexOfAny((byte)'\n', (byte)'\r');
                text = line < 0 ? [] : text[line..];
            }
            else if (text.StartsWith("/*"u8))
            {
                text = AfterComment(text);
            }
            else
            {
                return text;
            }
        }
    }

    /// <summary>Comments of this kind nest.</summary>
    private static ReadOnlySpan<byte> AfterComment(ReadOnlySpan<byte> text)
    {
        int depth = 0;
        for (int i = 0; i + 1 < text.Length; i++)
        {
            if (text[i] == '/' && text[i + 1] == '*')
            {
                (depth, i) = (depth + 1, i + 1);
            }
            else if (text[i] == '*' && text[i + 1] == '/')
            {
                (depth, i) = (depth - 1, i + 1);
                if (depth == 0)
                {
                    return text[(i + 1)..];
                }
            }
        }

        return [];
    }
}
