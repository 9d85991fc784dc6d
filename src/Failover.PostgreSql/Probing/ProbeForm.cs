using System.Globalization;

namespace Failover.PostgreSql.Probing;

/// <summary>How a node can be asked what it is.</summary>
internal enum ProbeForm
{
    /// <summary>As PostgreSQL is: role, epoch and place in the log in one question.</summary>
    Full,

    /// <summary>The node refuses what epoch and place are read from: its role alone.</summary>
    RoleOnly,

    /// <summary>Aurora: its role, and how far it says that it is behind. Its instances share their storage, and have no log of their own.</summary>
    Aurora,
}

/// <summary>The questions for nodes that refuse the full one, and what their answers mean. Every function is named with its schema: anybody may make one of the same name in another.</summary>
internal static class ProbeForms
{
    internal const string IsAurora = "SELECT pg_catalog.to_regproc('pg_catalog.aurora_replica_status') IS NOT NULL AND pg_catalog.to_regproc('pg_catalog.aurora_db_instance_identifier') IS NOT NULL";

    private const string RoleOnly = "SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('transaction_read_only'), NULL";

    private const string Aurora = """
        SELECT pg_catalog.pg_is_in_recovery(),
               pg_catalog.current_setting('transaction_read_only'),
               (SELECT pg_catalog.max(replica_lag_in_msec)::bigint FROM pg_catalog.aurora_replica_status() WHERE server_id = pg_catalog.aurora_db_instance_identifier())
        """;

    /// <summary>Whether a refusal is one of a function that is not there (42883), not supported (0A000: Aurora) or not allowed (42501); others, such as a server that shuts down, pass.</summary>
    internal static bool AreNeededAfter(string? sqlState) => sqlState is "42883" or "0A000" or "42501";

    internal static string Question(ProbeForm form) => form switch
    {
        ProbeForm.RoleOnly => RoleOnly,
        ProbeForm.Aurora => Aurora,
        _ => NodeAnswer.Query,
    };

    /// <summary>Reads the columns as the server wrote them; null if they are no answer.</summary>
    internal static NodeAnswer? Read(ProbeForm form, IReadOnlyList<string?> columns)
    {
        if (form == ProbeForm.Full)
        {
            return NodeAnswer.Read(columns);
        }

        if (columns is not [("t" or "f") and { } recovery, ("on" or "off") and { } readOnly, var lag])
        {
            return null;
        }

        TimeSpan? behind = int.TryParse(lag, NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds) ? TimeSpan.FromMilliseconds(milliseconds) : null;
        return new NodeAnswer(recovery == "t", readOnly == "on", null, null) { Lag = recovery == "t" ? behind : null };
    }
}
