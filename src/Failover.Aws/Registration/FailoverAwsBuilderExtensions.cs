using Amazon.Runtime;
using Failover;
using Failover.Aws;
using Failover.Aws.Api;
using Failover.Aws.Rds;
using Failover.Aws.Registration;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Says how AWS is spoken to, and lets RDS tell groups of their writers.</summary>
public static class FailoverAwsBuilderExtensions
{
    private const string Section = "Aws";

    /// <summary>
    /// Registers AWS. Its settings are <see cref="AwsOptions"/>: bound from <c>Failover:Aws</c> where <c>AddFailover</c> was given a section, checked at start, and read again when the configuration changes. Each group that
    /// <see cref="AwsOptions.Databases"/> names, of whatever kind, looks at its members when RDS tells of another writer. Credentials are those of AWS's default chain, or an <see cref="AWSCredentials"/> that the app registers as a service. May be called any number of times.
    /// </summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    public static IFailoverBuilder AddAws(this IFailoverBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Services.Any(static service => service.ServiceType == typeof(AwsMarker)))
        {
            return builder;
        }

        builder.Services.AddSingleton<AwsMarker>();
        return builder
            .AddSection(Section, AwsKeysTable.Aws)
            .RequireGroups(() => builder.Configuration?.GetSection($"{Section}:Databases").GetChildren().Select(static database => (database.Key, database.Path)) ?? [])
            .ConfigureGroups(static (services, group) =>
            {
                LastGoodSection<AwsOptions> aws = services.GetRequiredService<LastGoodSection<AwsOptions>>();
                AwsOptions first = aws.Current;
                if (DatabaseOf(first, group.Name) is { } database)
                {
                    AWSCredentials? credentials = services.GetService<AWSCredentials>();

                    // A database that a reload takes away is asked for until the app is started again, as one that it adds is not asked for before: by the settings that named it, since others need not say where it is.
                    (AwsOptions Aws, RdsDatabaseOptions Database) last = (first, database);
                    group.AddHintSource((time, loggers) => new RdsHints(
                        group.Name,
                        () => aws.Current is var options && DatabaseOf(options, group.Name) is { } now ? last = (options, now) : last,
                        options => Clients.Rds(options, credentials, time),
                        loggers.CreateLogger("Failover.Aws"),
                        time));
                }
            });
    }

    /// <summary>Registers AWS, with settings from code. What configuration says of the same setting, this changes.</summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="configure">Changes the settings. Called each time that they are read.</param>
    /// <inheritdoc cref="AddAws(IFailoverBuilder)" path="/remarks"/>
    public static IFailoverBuilder AddAws(this IFailoverBuilder builder, Action<AwsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        builder.AddAws();
        builder.Services.Configure(configure);
        return builder;
    }

    /// <summary>Lets a group look at its members as soon as RDS tells of another writer of a cluster: Aurora, or a Multi-AZ DB cluster. Calls <see cref="AddAws(IFailoverBuilder)"/> itself.</summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="group">The name of the group, of whatever kind. It may be registered later.</param>
    /// <param name="cluster">The identifier of the cluster.</param>
    public static IFailoverBuilder WatchRdsCluster(this IFailoverBuilder builder, string group, string cluster)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(cluster);
        return builder.Watch(group, new() { Cluster = cluster });
    }

    /// <summary>Lets a group look at its members as soon as RDS tells that an instance moves to its other zone. Calls <see cref="AddAws(IFailoverBuilder)"/> itself.</summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="group">The name of the group, of whatever kind. It may be registered later.</param>
    /// <param name="instance">The identifier of the instance.</param>
    public static IFailoverBuilder WatchRdsInstance(this IFailoverBuilder builder, string group, string instance)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instance);
        return builder.Watch(group, new() { Instance = instance });
    }

    private static IFailoverBuilder Watch(this IFailoverBuilder builder, string group, RdsDatabaseOptions database)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(group);
        return builder.AddAws(aws => aws.Databases[group] = database).RequireGroup(group, $"The watch on {database.Cluster ?? database.Instance} of RDS");
    }

    private static RdsDatabaseOptions? DatabaseOf(AwsOptions options, string group) =>
        options.Databases.FirstOrDefault(database => string.Equals(database.Key, group, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Says that AWS is registered.</summary>
    private sealed class AwsMarker;
}
