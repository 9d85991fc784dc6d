using System.Net;
using Failover.PostgreSql.Nodes;
using Failover.PostgreSql.Registration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Failover.PostgreSql;

/// <summary>Makes a <see cref="FailoverDataSource"/> without a container. Not safe for use by several threads.</summary>
public sealed class FailoverDataSourceBuilder
{
    private readonly GroupOptions _groupOptions = new();
    private readonly List<Action<NpgsqlDataSourceBuilder>> _setups = [];
    private ILoggerFactory? _loggers;
    private TimeProvider _time = TimeProvider.System;

    /// <summary>Initializes a builder.</summary>
    /// <param name="name">The name of the group: for logs, metrics and people.</param>
    /// <param name="connectionString">All nodes, and how to connect to them: <c>Host=pg-a,pg-b,pg-c;Username=app;Database=shop</c>.</param>
    public FailoverDataSourceBuilder(string name, string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(connectionString);
        Group = new FailoverGroupBuilder(name) { Kind = "postgresql" };
        Options.ConnectionString = connectionString;
        PostgreSqlGroupKeys.Defaults(_groupOptions);
    }

    /// <summary>Gets the builder of the group: for sources of hints and the like. It has its members and its probe when <see cref="Build"/> is called.</summary>
    public FailoverGroupBuilder Group { get; }

    /// <summary>Gets the settings.</summary>
    public PostgreSqlGroupOptions Options { get; } = new();

    /// <summary>What looks names up: a test's own.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>>? Resolve { get; set; }

    /// <summary>Changes the settings that every group has. Called at once.</summary>
    public FailoverDataSourceBuilder Configure(Action<GroupOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(_groupOptions);
        return this;
    }

    /// <summary>Sets up the pool of each node as Npgsql's own builder does: types, passwords that change, certificates, tracing. Called for the pool of each node and for its probe, for the pool alone where the probe has a user of its own.</summary>
    public FailoverDataSourceBuilder ConfigureDataSource(Action<NpgsqlDataSourceBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _setups.Add(configure);
        return this;
    }

    /// <summary>Sets where the group and Npgsql log.</summary>
    public FailoverDataSourceBuilder UseLoggerFactory(ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(loggers);
        _loggers = loggers;
        return this;
    }

    /// <summary>Sets the clock.</summary>
    public FailoverDataSourceBuilder UseTimeProvider(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        return this;
    }

    /// <summary>Makes the data source. The group starts to watch the nodes when it is first used.</summary>
    /// <exception cref="OptionsValidationException">Something is invalid; it names all of it.</exception>
    public FailoverDataSource Build()
    {
        var check = new OptionsCheck($"Failover:Groups:{Group.Name}");
        PostgreSqlGroupKeys.Table.Check(Options, check);
        if (check.Problems.Count > 0)
        {
            throw new OptionsValidationException(Group.Name, typeof(PostgreSqlGroupOptions), check.Problems);
        }

        Action<NpgsqlDataSourceBuilder>[] setups = [.. _setups];
        var cluster = new Cluster(Group.Name, Options, new NodeParts
        {
            Time = _time,
            Loggers = _loggers,
            Configure = builder => Array.ForEach(setups, setup => setup(builder)),
            Resolve = Resolve ?? Dns.GetHostAddressesAsync,
        });
        Group.UseOptions(_groupOptions).UseTimeProvider(_time);
        if (_loggers is { } loggers)
        {
            Group.UseLoggerFactory(loggers);
        }

        FailoverGroup? group = null;
        cluster.AddTo(Group, () => group!);
        group = Group.Build();
        return new FailoverDataSource(group, cluster, ownsGroup: true);
    }
}
