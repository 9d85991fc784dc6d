using System.Globalization;

namespace Failover.PostgreSql.Checks;

/// <summary>What the primary says of itself when its health is looked at.</summary>
/// <param name="TakesWrites">Whether it is not in recovery, and its transactions may write.</param>
/// <param name="Connections">How many connections of users it has.</param>
/// <param name="Limit">How many ordinary users may have.</param>
/// <param name="StandbyNames">Its <c>synchronous_standby_names</c>.</param>
/// <param name="Synchronous">How many standbys stream that commits may wait for.</param>
/// <param name="Hidden">How many connections of standbys the user may not look into.</param>
internal readonly record struct PrimaryState(bool TakesWrites, long Connections, long Limit, string StandbyNames, long Synchronous, long Hidden)
{
    /// <summary>Of those that a user may not see in full the database and the user are shown: what has both is a client, or works for one.</summary>
    internal const string Query = """
        SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off',
               (SELECT count(*) FROM pg_stat_activity WHERE datid IS NOT NULL AND usesysid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'),
               current_setting('max_connections')::bigint - current_setting('superuser_reserved_connections')::bigint - coalesce(current_setting('reserved_connections', true), '0')::bigint,
               CASE WHEN current_setting('synchronous_commit') IN ('off', 'local') THEN '' ELSE current_setting('synchronous_standby_names') END,
               count(*) FILTER (WHERE state = 'streaming' AND sync_state IN ('sync', 'quorum')),
               count(*) FILTER (WHERE state IS NULL)
        FROM pg_stat_replication
        """;

    /// <summary>Gets how many standbys a commit waits for.</summary>
    internal long Needed => NeededBy(StandbyNames);

    internal SynchronousCommit Commit =>
        Needed == 0 ? SynchronousCommit.Off
        : Synchronous >= Needed ? SynchronousCommit.Satisfied
        : Hidden > 0 ? SynchronousCommit.NotKnown
        : SynchronousCommit.NotSatisfied;

    /// <summary>Reads <c>FIRST 2 (a, b, c)</c>, <c>ANY 2 (…)</c>, <c>2 (…)</c>, and <c>a, b</c>, which waits for one.</summary>
    internal static long NeededBy(string standbyNames)
    {
        ReadOnlySpan<char> text = standbyNames.AsSpan().Trim();
        if (text.IsEmpty)
        {
            return 0;
        }

        int bracket = text.IndexOf('(');
        if (bracket < 0)
        {
            return 1;
        }

        ReadOnlySpan<char> number = text[..bracket].Trim();
        int space = number.LastIndexOfAny(' ', '\t');
        return long.TryParse(space < 0 ? number : number[(space + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out long needed) ? needed : 1;
    }
}
