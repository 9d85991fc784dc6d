using Failover.PostgreSql.Cutting;
using Failover.PostgreSql.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Failover.PostgreSql.Probing;

/// <summary>
/// The one session that a node is probed over: kept open, and made anew when it has failed. Whoever asks is never held longer than its token says: what a frozen node holds up is left behind, cut, and ends by itself.
/// One question at a time.
/// </summary>
internal sealed class NodeSession : IDisposable
{
    /// <summary>How many attempts may wait for a node that does not answer before no more are made.</summary>
    private const int MostLeftBehind = 4;

    private readonly NpgsqlDataSource _source;
    private readonly NodeConnections _connections;
    private NpgsqlConnection? _open;
    private ProbeForm _form;
    private int _leftBehind;
    private volatile bool _isDisposed;

    private NodeSession(NpgsqlDataSource source, NodeConnections connections) => (_source, _connections) = (source, connections);

    /// <summary>Makes the session of a node; it connects when it is first used.</summary>
    internal static NodeSession To(NpgsqlConnectionStringBuilder node, string group, NodeParts parts, NodeConnections connections)
    {
        var builder = new NpgsqlDataSourceBuilder(node.ConnectionString);
        NpgsqlConnectionStringBuilder settings = builder.ConnectionStringBuilder;
        if (parts.ProbeUserName is { } user)
        {
            settings.Username = user;
            settings.Password = parts.ProbePassword;
            settings.Passfile = null;
        }
        else
        {
            // Who connects by passwords that change, or by certificates, does so here as well.
            parts.Configure?.Invoke(builder);
        }

        settings.ApplicationName = $"failover-probe {group}";
        settings.Pooling = false;
        settings.Enlist = false;
        settings.KeepAlive = 0;

        // The token is the limit; these end what was left behind. Without a limit that would stay for ever, and no more would be asked.
        if (settings.Timeout == 0)
        {
            settings.Timeout = ClusterString.DefaultTimeout;
        }

        settings.CommandTimeout = settings.Timeout;

        // Types are not needed, and cost a round trip. A look each second is no news to logs and traces.
        builder.ConfigureTypeLoading(static types => types.EnableTypeLoading(false))
            .UseLoggerFactory(NullLoggerFactory.Instance)
            .ConfigureTracing(static tracing => tracing.ConfigureCommandFilter(static _ => false).EnablePhysicalOpenTracing(false));
        connections.Attach(builder);
        return new NodeSession(builder.Build(), connections);
    }

    /// <summary>Asks the node what it is.</summary>
    /// <returns>Null if what came back is no answer.</returns>
    /// <exception cref="OperationCanceledException">No answer came before the token was cancelled.</exception>
    /// <exception cref="NpgsqlException">The node cannot be reached, or refuses.</exception>
    internal ValueTask<NodeAnswer?> AskAsync(CancellationToken cancellationToken) => AskAsync(RoleAsync, cancellationToken);

    /// <summary>Asks the node something else.</summary>
    /// <exception cref="OperationCanceledException">No answer came before the token was cancelled; the session is made anew.</exception>
    /// <exception cref="NpgsqlException">The node cannot be reached, or refuses.</exception>
    internal async ValueTask<T> AskAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = Interlocked.Exchange(ref _open, null) ?? await OpenAsync(cancellationToken).ConfigureAwait(false);
        Task<T> asked = ask(connection, cancellationToken);
        try
        {
            T answer = await asked.WaitAsync(cancellationToken).ConfigureAwait(false);
            Keep(connection);
            return answer;
        }
        catch
        {
            Abandon(connection, asked);
            throw;
        }
    }

    /// <summary>Reads what a question gives, as the server wrote it, but no more rows than a limit.</summary>
    internal static async Task<List<string?[]>> RowsAsync(NpgsqlConnection connection, string question, int most, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
#pragma warning disable CA2100 // Constants of this library's own.
            command.CommandText = question;
#pragma warning restore CA2100
            command.AllResultTypesAreUnknown = true;
            List<string?[]> rows = [];
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (rows.Count < most && await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    string?[] columns = new string?[reader.FieldCount];
                    for (int i = 0; i < columns.Length; i++)
                    {
                        columns[i] = await reader.IsDBNullAsync(i, cancellationToken).ConfigureAwait(false) ? null : reader.GetString(i);
                    }

                    rows.Add(columns);
                }
            }

            return rows;
        }
    }

    /// <summary>Leaves the session; the next question makes one anew. Not while another is asked.</summary>
    internal void Drop()
    {
        if (Interlocked.Exchange(ref _open, null) is { } open)
        {
            Abandon(open, Task.CompletedTask);
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        Drop();
        _source.Dispose();
    }

    /// <summary>Finds out once in a session in which form the node answers.</summary>
    private async Task<NodeAnswer?> RoleAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            return await RoleAsync(connection, _form, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException refused) when (_form == ProbeForm.Full && ProbeForms.AreNeededAfter(refused.SqlState))
        {
            ProbeForm form = await RowsAsync(connection, ProbeForms.IsAurora, 1, cancellationToken).ConfigureAwait(false) is [["t"]] ? ProbeForm.Aurora : ProbeForm.RoleOnly;
            NodeAnswer? answer = await RoleAsync(connection, form, cancellationToken).ConfigureAwait(false);
            _form = form;
            return answer;
        }
    }

    private static async Task<NodeAnswer?> RoleAsync(NpgsqlConnection connection, ProbeForm form, CancellationToken cancellationToken) =>
        await RowsAsync(connection, ProbeForms.Question(form), 1, cancellationToken).ConfigureAwait(false) is [{ } columns] ? ProbeForms.Read(form, columns) : null;

    private async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (Volatile.Read(ref _leftBehind) >= MostLeftBehind)
        {
            throw new TimeoutException($"{MostLeftBehind} attempts to connect have not been answered");
        }

        NpgsqlConnection connection = _source.CreateConnection();
        Task opened = connection.OpenAsync(cancellationToken);
        try
        {
            // Npgsql does not heed the token once the kernel of a frozen server has taken the connection.
            await opened.WaitAsync(cancellationToken).ConfigureAwait(false);
            _form = ProbeForm.Full;
            return connection;
        }
        catch
        {
            Abandon(connection, opened);
            throw;
        }
    }

    private void Keep(NpgsqlConnection connection)
    {
        Volatile.Write(ref _open, connection);
        if (_isDisposed && Interlocked.Exchange(ref _open, null) is { } late)
        {
            Abandon(late, Task.CompletedTask);
        }
    }

    /// <summary>Ends a connection when what runs on it has ended: closing it before would wait for that, and mix up its protocol.</summary>
    private void Abandon(NpgsqlConnection connection, Task running)
    {
        if (!running.IsCompleted)
        {
            _connections.Cut(connection);
        }

        Interlocked.Increment(ref _leftBehind);
        _ = EndAsync(connection, running);
    }

    private async Task EndAsync(NpgsqlConnection connection, Task running)
    {
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        try
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a broken connection says when it ends.
        catch (Exception)
#pragma warning restore CA1031
        {
        }

        Interlocked.Decrement(ref _leftBehind);
    }
}
