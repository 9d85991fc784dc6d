namespace Failover.PostgreSql.Checks;

/// <summary>The table that a check writes into.</summary>
internal static class ProbeTable
{
    /// <summary>
    /// The statements that write its one row, before the commit. Who waits for the row gives up by itself: a commit that waits for a standby holds it, and each check that waits behind would hold a connection of the server.
    /// </summary>
    internal static string Write(string table) => $"SET LOCAL lock_timeout = '500ms'; INSERT INTO {Quoted(table)} (id, at) VALUES (1, now()) ON CONFLICT (id) DO UPDATE SET at = excluded.at";

    /// <summary>Returns a name as it stands in SQL; null if it is none. Letters of both cases stay what they are.</summary>
    internal static string? Quoted(string name)
    {
        string[] parts = name.Split('.');
        return parts.Length <= 2 && parts.All(IsName) ? string.Join('.', parts.Select(static part => $"\"{part}\"")) : null;
    }

    private static bool IsName(string part) =>
        part.Length is > 0 and <= 63 && !char.IsAsciiDigit(part[0]) && part.All(static one => char.IsAsciiLetterOrDigit(one) || one == '_');
}
