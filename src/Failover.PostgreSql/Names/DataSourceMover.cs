using Npgsql;

namespace Failover.PostgreSql.Names;

/// <summary>Empties the pool of an ordinary data source when the name of one of its hosts leads elsewhere: idle connections end, those in use when they are given back, and the next ones go where the name leads. Safe for any thread.</summary>
/// <param name="find">Gets the data source; called when the app runs, until it returns one.</param>
internal sealed class DataSourceMover(Func<NpgsqlDataSource> find) : INamePoolMover
{
    private readonly Lazy<(NpgsqlDataSource Source, string[] Names)> _found = new(() =>
    {
        NpgsqlDataSource source = find();
        return (source, NamesOf(source));
    }, LazyThreadSafetyMode.PublicationOnly);

    public IReadOnlyCollection<string> Names => _found.Value.Names;

    public ValueTask MoveAsync(NameMove move, CancellationToken cancellationToken)
    {
        _found.Value.Source.Clear();
        return ValueTask.CompletedTask;
    }

    /// <summary>Several hosts stand in one list, each with a port or without.</summary>
    private static string[] NamesOf(NpgsqlDataSource source) =>
    [
        .. (new NpgsqlConnectionStringBuilder(source.ConnectionString).Host ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(static host => host.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && host.LastIndexOf(':') == colon ? host[..colon] : host),
    ];
}
