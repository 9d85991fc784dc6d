using System.Collections.Concurrent;
using Failover.PostgreSql.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Failover.PostgreSql.Registration;

/// <summary>The clusters and data sources of a container, each made once, and ended with it. Safe for any thread.</summary>
internal sealed class Clusters(IServiceProvider services) : IAsyncDisposable, IDisposable
{
    private readonly ConcurrentDictionary<string, Cluster> _clusters = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Lazy<FailoverDataSource>> _sources = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<(FailoverDataSource Source, string? Table, bool CreateTable, bool Listen), Lazy<PostgreSqlLeaseStore>> _leases = [];

    /// <summary>Makes what a group is made of. Called once for each, when the group is made.</summary>
    internal Cluster Make(string group, PostgreSqlGroupOptions options)
    {
        DataSourceSetup[] setups = [.. services.GetKeyedServices<DataSourceSetup>(group)];
        var cluster = new Cluster(group, options, new NodeParts
        {
            Time = services.GetService<TimeProvider>() ?? TimeProvider.System,
            Loggers = services.GetService<ILoggerFactory>(),
            Configure = builder => Array.ForEach(setups, setup => setup.Configure(services, builder)),
        });
        _clusters[group] = cluster;
        return cluster;
    }

    internal Cluster Find(string group) => _clusters[group];

    /// <summary>Returns the data source of a group.</summary>
    /// <exception cref="InvalidOperationException">The group is of another kind.</exception>
    internal FailoverDataSource Source(string name)
    {
        FailoverGroup group = services.GetRequiredService<FailoverGroups>()[name];
        return _sources.GetOrAdd(group.Name, _ => new(() => _clusters.TryGetValue(group.Name, out Cluster? cluster)
            ? new FailoverDataSource(group, cluster, ownsGroup: false)
            : throw new InvalidOperationException($"The failover group '{group.Name}' is of kind {group.Kind}: only a group of kind PostgreSql has a {nameof(FailoverDataSource)}."))).Value;
    }

    /// <summary>Returns the store of leases in a table of a group's database: one for all who keep leases there, since it keeps a connection to listen on.</summary>
    internal PostgreSqlLeaseStore Leases(string group, PostgreSqlLeaseOptions options) =>
        _leases.GetOrAdd((Source(group), options.Table, options.CreateTable, options.Listen), key => new(() => new(key.Source, options))).Value;

    /// <summary>Returns the data source of the only group that has one.</summary>
    internal FailoverDataSource Only()
    {
        FailoverGroup[] groups = [.. services.GetRequiredService<FailoverGroups>().Where(group => _clusters.ContainsKey(group.Name))];
        return groups is [var only]
            ? Source(only.Name)
            : throw new InvalidOperationException(groups.Length == 0
                ? $"No group of kind PostgreSql is registered: call AddFailover().AddPostgreSql(name, connectionString)."
                : $"There are {groups.Length} groups of kind PostgreSql ({string.Join(", ", groups.Select(static group => group.Name))}): say which, with [FromKeyedServices(\"{groups[0].Name}\")] {nameof(FailoverDataSource)}.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<PostgreSqlLeaseStore> store in _leases.Values.Where(static store => store.IsValueCreated))
        {
            await store.Value.DisposeAsync().ConfigureAwait(false);
        }

        foreach (Lazy<FailoverDataSource> source in _sources.Values.Where(static source => source.IsValueCreated))
        {
            await source.Value.DisposeAsync().ConfigureAwait(false);
        }

        foreach (Cluster cluster in _clusters.Values)
        {
            await cluster.DisposeAsync().ConfigureAwait(false);
        }
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();
}

/// <summary>What the app sets up on the pool of each node of a group.</summary>
internal sealed record DataSourceSetup(Action<IServiceProvider, NpgsqlDataSourceBuilder> Configure);
