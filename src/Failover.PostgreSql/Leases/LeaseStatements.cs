namespace Failover.PostgreSql.Leases;

/// <summary>
/// The statements of <see cref="PostgreSqlLeaseStore"/>, each one step that nobody else's can come between. Time is the server's: <c>clock_timestamp()</c> goes on while a statement waits for a row, and is read after that.
/// </summary>
/// <remarks>
/// <para><c>epoch</c> is the identifier of the database cluster and the timeline: what is written under another one was written on another primary. Asynchronous replication may have lost what came after it, renewals, releases and grants alike. So on
/// an epoch nobody is granted anything until one duration after the table first saw it, which the row <c>''</c> remembers. Whoever holds a lease renews it all the same, under its token. A table that begins on timeline 1 has no past.</para>
/// <para>A token is the timeline above 40 bits of the server's clock, and at least one more than the last. The timeline lets it grow where the last row was lost, the clock where a row or the table was deleted.</para>
/// </remarks>
internal sealed class LeaseStatements
{
    private const string Cluster = """
        SELECT (SELECT system_identifier FROM pg_catalog.pg_control_system())::text AS lineage,
               ('x' || pg_catalog.left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 8))::bit(32)::bigint AS timeline
        """;

    // Aurora's instances share their storage: nothing is lost when another one takes over, and there is no timeline to read.
    private const string SharedStorage = "SELECT pg_catalog.current_database()::text AS lineage, 1::bigint AS timeline";

    // Of this statement alone. A lease that is told to its holder is on disk, and with the standbys that commits wait for, whatever the session is set to; a lock is not waited for when nobody waits for its answer any more.
    private const string Settings = """
        pg_catalog.set_config('lock_timeout', $3, true),
        CASE WHEN pg_catalog.current_setting('synchronous_commit') IN ('off', 'local') THEN pg_catalog.set_config('synchronous_commit', 'on', true) END
        """;

    // Milliseconds since 2026.
    private const string Ticks = "(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()) * 1000)::bigint - 1767225600000";

    private LeaseStatements(string table, string cluster)
    {
        string begin = $"""
            WITH here AS MATERIALIZED (
                SELECT lineage, timeline, lineage || '/' || timeline AS epoch, (timeline << 40) + {Ticks} AS token, {Settings}
                FROM ({cluster}) AS cluster
            ), marked AS (
                INSERT INTO {table} AS m (resource, holder, token, epoch, duration, expires_at)
                SELECT '', '', 0, epoch, interval '0', CASE timeline WHEN 1 THEN timestamptz 'epoch' ELSE pg_catalog.clock_timestamp() END
                FROM here WHERE NOT EXISTS (SELECT FROM {table} AS k WHERE k.resource = '' AND k.epoch = here.epoch)
                ON CONFLICT (resource) DO UPDATE SET epoch = excluded.epoch, expires_at = pg_catalog.clock_timestamp() WHERE m.epoch <> excluded.epoch
                RETURNING expires_at
            )
            """;
        Take = $"""
            {begin}, seen AS MATERIALIZED (
                SELECT COALESCE((SELECT expires_at FROM marked), (SELECT k.expires_at FROM {table} AS k, here WHERE k.resource = '' AND k.epoch = here.epoch)) AS at
            ), taken AS (
                INSERT INTO {table} AS l (resource, holder, attempt, kept, token, epoch, duration, expires_at)
                SELECT $1, $4, $2, $4, token, epoch, $5, pg_catalog.clock_timestamp() + $5
                FROM here, seen WHERE seen.at + $5 <= pg_catalog.clock_timestamp()
                ON CONFLICT (resource) DO UPDATE SET holder = excluded.holder, attempt = excluded.attempt, unreleased = l.kept, kept = CASE WHEN $6 THEN excluded.holder ELSE COALESCE(l.kept, excluded.holder) END,
                    token = GREATEST(l.token + 1, excluded.token), epoch = excluded.epoch, duration = excluded.duration, expires_at = pg_catalog.clock_timestamp() + excluded.duration
                WHERE CASE WHEN l.epoch = excluded.epoch THEN l.attempt IS NULL OR l.expires_at <= pg_catalog.clock_timestamp() ELSE (SELECT at FROM seen) + l.duration <= pg_catalog.clock_timestamp() END
                RETURNING token, unreleased
            )
            SELECT here.lineage, taken.token, taken.unreleased, CASE WHEN l.attempt IS NOT NULL THEN l.holder END,
                   (pg_catalog.date_part('epoch', GREATEST(seen.at + $5, CASE WHEN l.epoch <> here.epoch THEN seen.at + l.duration WHEN l.attempt IS NOT NULL THEN l.expires_at END) - pg_catalog.clock_timestamp()) * 1000)::bigint
            FROM here CROSS JOIN seen LEFT JOIN taken ON true LEFT JOIN {table} AS l ON l.resource = $1
            """;
        Renew = $"""
            {begin}
            UPDATE {table} AS l SET epoch = here.epoch, duration = $5, expires_at = pg_catalog.clock_timestamp() + $5, kept = CASE WHEN $6 THEN $4 ELSE l.kept END
            FROM here WHERE l.resource = $1 AND l.attempt = $2 AND (l.epoch <> here.epoch OR l.expires_at > pg_catalog.clock_timestamp())
            RETURNING here.lineage, l.token
            """;
        IsFree = $"""
            WITH here AS (SELECT lineage || '/' || timeline AS epoch FROM ({cluster}) AS cluster)
            SELECT EXISTS (SELECT FROM here JOIN {table} AS l ON l.epoch = here.epoch JOIN {table} AS m ON m.epoch = here.epoch
                WHERE l.resource = $1 AND l.attempt IS NULL AND m.resource = '' AND m.expires_at + l.duration <= pg_catalog.clock_timestamp())
            """;
        Release = $"""
            WITH here AS MATERIALIZED (SELECT {Settings}),
            freed AS (
                UPDATE {table} AS l SET attempt = NULL, kept = CASE WHEN $5 OR l.kept = $4 THEN NULL ELSE l.kept END
                FROM here WHERE l.resource = $1 AND l.attempt = $2 RETURNING l.resource
            )
            SELECT pg_catalog.pg_notify('{Channel(table)}', resource) FROM freed
            """;
        Create = $"""
            CREATE TABLE IF NOT EXISTS {table} (
                resource text COLLATE "C" PRIMARY KEY,
                holder text NOT NULL,
                attempt uuid,
                kept text,
                unreleased text,
                token bigint NOT NULL,
                epoch text NOT NULL,
                duration interval NOT NULL,
                expires_at timestamptz NOT NULL
            )
            """;
        Listen = $"LISTEN \"{Channel(table)}\"";
    }

    /// <summary>Gets what takes a lease. $1 resource, $2 attempt, $3 milliseconds to wait for a lock, $4 holder, $5 duration, $6 settles.</summary>
    internal string Take { get; }

    /// <summary>Gets what renews a lease, with the parameters of <see cref="Take"/>.</summary>
    internal string Renew { get; }

    /// <summary>Gets what gives a lease back. $1 to $4 as in <see cref="Take"/>, $5 settles.</summary>
    internal string Release { get; }

    /// <summary>Gets the question whether the lease $1 was given back, and may be taken.</summary>
    internal string IsFree { get; }

    internal string Create { get; }

    internal string Listen { get; }

    /// <summary>The statements for a table, quoted; for a server of Aurora's, if it is one.</summary>
    internal static LeaseStatements For(string table, bool isAurora) => new(table, isAurora ? SharedStorage : Cluster);

    // The name of the table, without its schema: names of channels are no longer than one.
    private static string Channel(string table) => table[(table.LastIndexOf('.') + 1)..].Trim('"');
}
