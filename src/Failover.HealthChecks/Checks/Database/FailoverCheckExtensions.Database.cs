using System.Data.Common;
using Failover;
using Failover.HealthChecks;
using Failover.HealthChecks.Checks;
using Failover.HealthChecks.Checks.Database;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers health checks for hosts of any kind. Each bears the tag <c>local</c> or <c>shared</c>, which says whose failure it is, unless it is given one of both.</summary>
public static partial class FailoverCheckExtensions
{
    /// <summary>Checks the app's database, the <see cref="DbDataSource"/> of its services: opens a connection and makes a round trip. For any ADO.NET provider. Scope: shared.</summary>
    /// <inheritdoc cref="AddDatabase(IHealthChecksBuilder, string, Func{IServiceProvider, DbDataSource}, Action{DatabaseCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddDatabase(this IHealthChecksBuilder builder, string name) => builder.AddDatabase(name, static _ => { });

    /// <summary>Checks the app's database, the <see cref="DbDataSource"/> of its services. Scope: shared.</summary>
    /// <inheritdoc cref="AddDatabase(IHealthChecksBuilder, string, Func{IServiceProvider, DbDataSource}, Action{DatabaseCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddDatabase(this IHealthChecksBuilder builder, string name, Action<DatabaseCheckOptions> configure) => builder.AddDatabase(name, configure, null, []);

    /// <summary>Checks the app's database, the <see cref="DbDataSource"/> of its services. Scope: shared.</summary>
    /// <inheritdoc cref="AddDatabase(IHealthChecksBuilder, string, Func{IServiceProvider, DbDataSource}, Action{DatabaseCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddDatabase(this IHealthChecksBuilder builder, string name, Action<DatabaseCheckOptions> configure, HealthStatus? failureStatus, IEnumerable<string> tags) =>
        builder.AddDatabase(name, static services => services.GetRequiredService<DbDataSource>(), configure, failureStatus, tags);

    /// <summary>Checks the database of a data source. Scope: shared.</summary>
    /// <inheritdoc cref="AddDatabase(IHealthChecksBuilder, string, DbDataSource, Action{DatabaseCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddDatabase(this IHealthChecksBuilder builder, string name, DbDataSource source) => builder.AddDatabase(name, source, static _ => { });

    /// <summary>Checks the database of a data source. Scope: shared.</summary>
    /// <inheritdoc cref="AddDatabase(IHealthChecksBuilder, string, DbDataSource, Action{DatabaseCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddDatabase(this IHealthChecksBuilder builder, string name, DbDataSource source, Action<DatabaseCheckOptions> configure) => builder.AddDatabase(name, source, configure, null, []);

    /// <summary>Checks the database of a data source. Scope: shared.</summary>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="source">The app's data source. The check takes one connection of its pool for a moment, never two, and disposes of nothing else.</param>
    /// <param name="configure">Sets the query, and a statement that writes.</param>
    /// <param name="failureStatus">What a failure counts as; null: unhealthy.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <exception cref="Options.OptionsValidationException">Some options are not allowed.</exception>
    public static IHealthChecksBuilder AddDatabase(this IHealthChecksBuilder builder, string name, DbDataSource source, Action<DatabaseCheckOptions> configure, HealthStatus? failureStatus, IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(source);
        return builder.AddDatabase(name, _ => source, configure, failureStatus, tags);
    }

    /// <summary>Checks a database. Scope: shared.</summary>
    /// <inheritdoc cref="AddDatabase(IHealthChecksBuilder, string, Func{IServiceProvider, DbDataSource}, Action{DatabaseCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddDatabase(this IHealthChecksBuilder builder, string name, Func<IServiceProvider, DbDataSource> source) => builder.AddDatabase(name, source, static _ => { });

    /// <summary>Checks a database. Scope: shared.</summary>
    /// <inheritdoc cref="AddDatabase(IHealthChecksBuilder, string, Func{IServiceProvider, DbDataSource}, Action{DatabaseCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddDatabase(this IHealthChecksBuilder builder, string name, Func<IServiceProvider, DbDataSource> source, Action<DatabaseCheckOptions> configure) => builder.AddDatabase(name, source, configure, null, []);

    /// <summary>Checks a database: opens a connection, makes a round trip, and writes if it is told to. For any ADO.NET provider. Scope: shared.</summary>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="source">Gives the app's data source. Called once, when the check first runs; who made the data source disposes of it. The check takes one connection of its pool for a moment, never two.</param>
    /// <param name="configure">Sets the query, and a statement that writes.</param>
    /// <param name="failureStatus">What a failure counts as; null: unhealthy.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <exception cref="Options.OptionsValidationException">Some options are not allowed.</exception>
    public static IHealthChecksBuilder AddDatabase(this IHealthChecksBuilder builder, string name, Func<IServiceProvider, DbDataSource> source, Action<DatabaseCheckOptions> configure, HealthStatus? failureStatus, IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(source);
        DatabaseCheckOptions options = CheckRegistration.Configured(name, configure, Rules);
        return builder.AddOwn(name, CheckScope.Shared, failureStatus, tags, null, services => new DatabaseHealthCheck(source(services), options, services.Time()));
    }

    /// <summary>Checks the database of a data source that is a keyed service. Scope: shared.</summary>
    /// <inheritdoc cref="AddKeyedDatabase(IHealthChecksBuilder, string, object, Action{DatabaseCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddKeyedDatabase(this IHealthChecksBuilder builder, string name, object serviceKey) => builder.AddKeyedDatabase(name, serviceKey, static _ => { });

    /// <summary>Checks the database of a data source that is a keyed service. Scope: shared.</summary>
    /// <inheritdoc cref="AddKeyedDatabase(IHealthChecksBuilder, string, object, Action{DatabaseCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddKeyedDatabase(this IHealthChecksBuilder builder, string name, object serviceKey, Action<DatabaseCheckOptions> configure) => builder.AddKeyedDatabase(name, serviceKey, configure, null, []);

    /// <summary>Checks the database of a data source that is a keyed service. Scope: shared.</summary>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="serviceKey">The key of the app's <see cref="DbDataSource"/>.</param>
    /// <param name="configure">Sets the query, and a statement that writes.</param>
    /// <param name="failureStatus">What a failure counts as; null: unhealthy.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <exception cref="Options.OptionsValidationException">Some options are not allowed.</exception>
    public static IHealthChecksBuilder AddKeyedDatabase(this IHealthChecksBuilder builder, string name, object serviceKey, Action<DatabaseCheckOptions> configure, HealthStatus? failureStatus, IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(serviceKey);
        return builder.AddDatabase(name, services => services.GetRequiredKeyedService<DbDataSource>(serviceKey), configure, failureStatus, tags);
    }

    private static void Rules(DatabaseCheckOptions options, OptionsCheck check)
    {
        if (string.IsNullOrWhiteSpace(options.Query))
        {
            check.Refuse(nameof(options.Query), options.Query, "must be a query, like SELECT 1");
        }

        if (options.Write is { } write && string.IsNullOrWhiteSpace(write))
        {
            check.Refuse(nameof(options.Write), write, "must be a statement that writes, or null for none");
        }
    }
}
