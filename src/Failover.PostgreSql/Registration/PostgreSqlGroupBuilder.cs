using Failover.PostgreSql.Registration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Failover.PostgreSql;

/// <summary>Says in code what a PostgreSQL group is made of. What configuration says of the same group stands under it.</summary>
public sealed class PostgreSqlGroupBuilder
{
    internal PostgreSqlGroupBuilder(string name, IServiceCollection services) => (Name, Services) = (name, services);

    /// <summary>Gets the name of the group.</summary>
    public string Name { get; }

    /// <summary>Gets the services of the app.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Changes the settings of the group's kind.</summary>
    public PostgreSqlGroupBuilder Options(Action<PostgreSqlGroupOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.Configure(Name, configure);
        return this;
    }

    /// <summary>Changes the settings that every group has: thresholds, intervals, epochs.</summary>
    public PostgreSqlGroupBuilder Configure(Action<GroupOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.Configure(Name, configure);
        return this;
    }

    /// <summary>Sets up the pool of each node as Npgsql's own builder does: types, passwords that change, certificates, tracing. Called for the pool of each node and for its probe, for the pool alone where the probe has a user of its own.</summary>
    public PostgreSqlGroupBuilder ConfigureDataSource(Action<NpgsqlDataSourceBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return ConfigureDataSource((_, builder) => configure(builder));
    }

    /// <summary>Sets up the pool of each node as Npgsql's own builder does, with services of the app.</summary>
    public PostgreSqlGroupBuilder ConfigureDataSource(Action<IServiceProvider, NpgsqlDataSourceBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.AddKeyedSingleton(Name, new DataSourceSetup(configure));
        return this;
    }
}
