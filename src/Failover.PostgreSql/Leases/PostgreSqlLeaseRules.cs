using Failover.PostgreSql.Checks;
using Microsoft.Extensions.Options;

namespace Failover.PostgreSql.Leases;

/// <summary>What is allowed of the settings and names of leases.</summary>
internal static class PostgreSqlLeaseRules
{
    /// <summary>In bytes. An index of PostgreSQL's takes 2,704, a notification 7,999.</summary>
    internal const int MaxResource = 2000;

    internal static readonly TimeSpan MaxDuration = TimeSpan.FromDays(1);

    /// <summary>Returns the table as it stands in SQL.</summary>
    /// <exception cref="OptionsValidationException">It is none.</exception>
    internal static string Table(PostgreSqlLeaseOptions options)
    {
        if (options.Table is { } table && ProbeTable.Quoted(table) is { } quoted)
        {
            return quoted;
        }

        var check = new OptionsCheck(nameof(PostgreSqlLeaseOptions));
        check.Refuse(nameof(options.Table), options.Table, "must be the name of a table, like failover_leases or app.failover_leases");
        throw new OptionsValidationException(nameof(PostgreSqlLeaseOptions), typeof(PostgreSqlLeaseOptions), check.Problems);
    }
}
