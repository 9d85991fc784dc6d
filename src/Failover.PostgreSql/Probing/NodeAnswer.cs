using System.Globalization;

namespace Failover.PostgreSql.Probing;

/// <summary>What a node said of itself.</summary>
/// <param name="IsInRecovery">Whether it replays the log of another, and takes no writes.</param>
/// <param name="IsReadOnly">Whether its transactions are read-only by default.</param>
/// <param name="Epoch">The identifier of its cluster and its timeline. A standby's may be older than what it follows, never newer. Null where the server does not let it be read.</param>
/// <param name="Position">A primary: the end of its log. A standby: how far it has replayed; null if it has replayed nothing yet.</param>
internal sealed record NodeAnswer(bool IsInRecovery, bool IsReadOnly, Epoch? Epoch, long? Position)
{
    /// <summary>
    /// One round trip, for a role that may only connect. The timeline of a primary comes from the name of the log file that it writes: its control file lags behind a promotion until the next checkpoint. A standby's control file says no more than
    /// the truth.
    /// </summary>
    internal const string Query = """
        SELECT r,
               current_setting('transaction_read_only'),
               (SELECT system_identifier FROM pg_control_system()),
               CASE WHEN r THEN (SELECT timeline_id FROM pg_control_checkpoint())::text ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END,
               CASE WHEN r THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END
        FROM pg_is_in_recovery() AS r
        """;

    /// <summary>Gets how far it says itself that it is behind; null where it does not.</summary>
    internal TimeSpan? Lag { get; init; }

    /// <summary>Reads the columns as the server wrote them; null if they are no answer.</summary>
    internal static NodeAnswer? Read(IReadOnlyList<string?> columns)
    {
        if (columns is not [("t" or "f") and { } recovery, ("on" or "off") and { } readOnly, { Length: > 0 and <= 20 } lineage, { Length: > 0 and <= 8 } timeline, var position]
            || !ulong.TryParse(lineage, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            || !TryPosition(position, out long? at))
        {
            return null;
        }

        bool isInRecovery = recovery == "t";
        NumberStyles style = isInRecovery ? NumberStyles.None : NumberStyles.AllowHexSpecifier;
        return uint.TryParse(timeline, style, CultureInfo.InvariantCulture, out uint number) && number > 0
            ? new NodeAnswer(isInRecovery, readOnly == "on", new Epoch(lineage, number), at)
            : null;
    }

    /// <summary>Reads a place in the log: <c>16/B374D848</c>.</summary>
    private static bool TryPosition(string? text, out long? position)
    {
        position = null;
        if (text is null)
        {
            return true;
        }

        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0
            || !uint.TryParse(text.AsSpan(0, slash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint high)
            || !uint.TryParse(text.AsSpan(slash + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint low)
            || high > int.MaxValue)
        {
            return false;
        }

        position = ((long)high << 32) | low;
        return true;
    }
}
