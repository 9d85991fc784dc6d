using Failover;
using Failover.PostgreSql;
using Failover.PostgreSql.Nodes;
using Failover.PostgreSql.Registration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers PostgreSQL groups.</summary>
public static class FailoverPostgreSqlBuilderExtensions
{
    /// <summary>The kind, as it is written in configuration.</summary>
    private const string Kind = "PostgreSql";

    /// <summary>
    /// Registers the kind <c>PostgreSql</c>: each group of the configuration with <c>Kind: PostgreSql</c> is made of its <see cref="PostgreSqlGroupOptions"/>, and has a <see cref="FailoverDataSource"/> as a keyed service of its name; the only one
    /// without a key too. May be called any number of times.
    /// </summary>
    /// <param name="builder">What <c>AddFailover(section)</c> returned.</param>
    public static IFailoverBuilder AddPostgreSql(this IFailoverBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(static services => new Clusters(services));
        builder.Services.TryAddSingleton(static services => services.GetRequiredService<Clusters>().Only());
        builder.Services.TryAddKeyedSingleton(KeyedService.AnyKey, static (services, key) => services.GetRequiredService<Clusters>().Source(
            key as string ?? throw new InvalidOperationException($"A {nameof(FailoverDataSource)} is asked for by the name of its group, not by a key of type {key?.GetType()}.")));
        return builder.AddKind(
            Kind,
            PostgreSqlGroupKeys.Table,
            static (services, group, options) => services.GetRequiredService<Clusters>().Make(group.Name, options).AddTo(group, () => services.GetRequiredService<FailoverGroups>()[group.Name]),
            static (services, group, options) => services.GetRequiredService<Clusters>().Find(group.Name).Change(group, options),
            PostgreSqlGroupKeys.Defaults);
    }

    /// <summary>Adds a PostgreSQL group: nodes of which one takes writes.</summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="name">The name: for logs, metrics, people and dependency injection. Without a colon; compared without regard to case.</param>
    /// <param name="connectionString">All nodes, and how to connect to them: <c>Host=pg-a,pg-b,pg-c;Username=app;Database=shop</c>. Checked when the app starts.</param>
    /// <exception cref="InvalidOperationException">A group of this name was added before.</exception>
    public static IFailoverBuilder AddPostgreSql(this IFailoverBuilder builder, string name, string connectionString) => builder.AddPostgreSql(name, connectionString, static _ => { });

    /// <summary>Adds a PostgreSQL group: nodes of which one takes writes.</summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="name">The name: for logs, metrics, people and dependency injection. Without a colon; compared without regard to case.</param>
    /// <param name="connectionString">All nodes, and how to connect to them: <c>Host=pg-a,pg-b,pg-c;Username=app;Database=shop</c>. Checked when the app starts.</param>
    /// <param name="configure">Says more. Called at once.</param>
    /// <exception cref="InvalidOperationException">A group of this name was added before.</exception>
    public static IFailoverBuilder AddPostgreSql(this IFailoverBuilder builder, string name, string connectionString, Action<PostgreSqlGroupBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(connectionString);
        ArgumentNullException.ThrowIfNull(configure);
        builder.AddPostgreSql().AddGroup(name, Kind);
        builder.Services.Configure<PostgreSqlGroupOptions>(name, options =>
        {
            // What configuration names stands: it may be another cluster in each environment.
            if (options.ConnectionString.Length == 0)
            {
                options.ConnectionString = connectionString;
            }
        });
        configure(new PostgreSqlGroupBuilder(name, builder.Services));
        return builder;
    }
}
