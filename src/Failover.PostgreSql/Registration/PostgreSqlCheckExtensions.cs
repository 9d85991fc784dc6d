using Failover;
using Failover.PostgreSql;
using Failover.PostgreSql.Checks;
using Failover.PostgreSql.Registration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the health check of PostgreSQL groups. It bears the tag <c>shared</c>, which says whose failure it is, unless it is given that or <c>local</c>.</summary>
public static class PostgreSqlCheckExtensions
{
    private const string Local = "local";
    private const string Shared = "shared";

    /// <summary>Checks a PostgreSQL group, under the group's name. Scope: shared.</summary>
    /// <inheritdoc cref="AddPostgreSql(IHealthChecksBuilder, string, string, Action{PostgreSqlCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddPostgreSql(this IHealthChecksBuilder builder, string groupName) => builder.AddPostgreSql(groupName, static _ => { });

    /// <summary>Checks a PostgreSQL group, under the group's name. Scope: shared.</summary>
    /// <inheritdoc cref="AddPostgreSql(IHealthChecksBuilder, string, string, Action{PostgreSqlCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddPostgreSql(this IHealthChecksBuilder builder, string groupName, Action<PostgreSqlCheckOptions> configure) => builder.AddPostgreSql(groupName, groupName, configure, null, []);

    /// <summary>
    /// Checks a PostgreSQL group: whether there is a primary that takes writes, how far its standbys are behind, whether its connections run out and its commits get the standbys that they wait for. One that is switching is degraded until its grace ends;
    /// a standby that is behind degrades it only as an alarm: <see cref="LagOptions"/>. Asks the primary over one connection of its pool, for <see cref="PostgreSqlCheckOptions.Timeout"/> at most. Scope: shared.
    /// </summary>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="groupName">The name of the group. It need not be registered yet; that there is such a group is checked when the host starts, or without a host when a group is first used.</param>
    /// <param name="configure">Sets limits, and a table that is written to.</param>
    /// <param name="failureStatus">What a failure counts as; null: unhealthy.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <exception cref="OptionsValidationException">Some options are not allowed.</exception>
    public static IHealthChecksBuilder AddPostgreSql(this IHealthChecksBuilder builder, string name, string groupName, Action<PostgreSqlCheckOptions> configure, HealthStatus? failureStatus, IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(groupName);
        ArgumentNullException.ThrowIfNull(configure);
        ArgumentNullException.ThrowIfNull(tags);
        PostgreSqlCheckOptions options = new();
        configure(options);
        OptionsCheck check = new($"Health check '{name}'");
        PostgreSqlCheckRules.Check(options, check);
        if (check.Problems.Count > 0)
        {
            throw new OptionsValidationException(name, typeof(PostgreSqlCheckOptions), check.Problems);
        }

        builder.Services.AddFailover().AddPostgreSql().RequireGroup(groupName, $"The health check '{name}'");

        // One instance a container: it knows whether its last run still waits.
        object key = new();
        builder.Services.AddKeyedSingleton<IHealthCheck>(key, (services, _) => new PostgreSqlHealthCheck(services.GetRequiredService<Clusters>().Source(groupName), options, services.GetService<TimeProvider>() ?? TimeProvider.System));
        string[] all = [.. tags];
        bool isSaid = all.Any(static tag => string.Equals(tag, Local, StringComparison.OrdinalIgnoreCase) || string.Equals(tag, Shared, StringComparison.OrdinalIgnoreCase));
        return builder.Add(new HealthCheckRegistration(name, services => services.GetRequiredKeyedService<IHealthCheck>(key), failureStatus, isSaid ? all : [.. all, Shared]));
    }
}
