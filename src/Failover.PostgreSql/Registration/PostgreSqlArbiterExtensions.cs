using Failover;
using Failover.PostgreSql;
using Failover.PostgreSql.Leases;
using Failover.PostgreSql.Registration;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps leases in PostgreSQL.</summary>
public static class PostgreSqlArbiterExtensions
{
    /// <summary>Keeps the leases in the table <c>failover_leases</c> of a group's database, which is made when it is first used: <see cref="PostgreSqlLeaseStore"/>.</summary>
    /// <param name="arbiter">The builder of the arbiter.</param>
    /// <param name="groupName">The name of a group of kind <c>PostgreSql</c>. It may be added later.</param>
    public static ArbiterBuilder UsePostgreSql(this ArbiterBuilder arbiter, string groupName) => arbiter.UsePostgreSql(groupName, static _ => { });

    /// <summary>Keeps the leases in a table of a group's database: <see cref="PostgreSqlLeaseStore"/>.</summary>
    /// <param name="arbiter">The builder of the arbiter.</param>
    /// <param name="groupName">The name of a group of kind <c>PostgreSql</c>. It may be added later.</param>
    /// <param name="configure">Says where and how. Called at once.</param>
    /// <exception cref="OptionsValidationException">A setting is not allowed.</exception>
    public static ArbiterBuilder UsePostgreSql(this ArbiterBuilder arbiter, string groupName, Action<PostgreSqlLeaseOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(arbiter);
        ArgumentException.ThrowIfNullOrWhiteSpace(groupName);
        ArgumentNullException.ThrowIfNull(configure);
        PostgreSqlLeaseOptions options = new();
        configure(options);
        PostgreSqlLeaseRules.Table(options);
        return arbiter.RequireGroup(groupName).UseStore(services => (services.GetService<Clusters>()
            ?? throw new InvalidOperationException($"The lease of {arbiter.Resource} is kept in the PostgreSQL group '{groupName}', and no such group is registered: call AddFailover().AddPostgreSql(\"{groupName}\", connectionString)."))
            .Leases(groupName, options));
    }
}
