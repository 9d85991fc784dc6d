using Npgsql;

namespace Failover.PostgreSql.Cutting;

/// <summary>
/// Every connection that was opened to one node through the data sources it is attached to: to cut them when the node is left, to refuse new ones until it is trusted, and to know what went over each. Thread-safe.
/// </summary>
internal sealed class NodeConnections : IDisposable
{
    private readonly CutContext _context;
    private readonly OpenStreams _streams = new();
    private readonly NodeSockets? _sockets;
    private volatile NpgsqlDataSource[] _sources = [];
    private volatile bool _isCondemned;

    internal NodeConnections(string node, TimeProvider time, CutSettings settings, INodeWitness witness)
        : this(node, time, settings, witness, NpgsqlInternals.MissingMember)
    {
    }

    internal NodeConnections(string node, TimeProvider time, CutSettings settings, INodeWitness witness, string? missing)
    {
        _context = new CutContext(node, time, settings, witness);
        MissingMember = missing;
        Mode = missing is null ? CutMode.Stream : SocketScan.IsSupported ? CutMode.Sockets : CutMode.None;
        _sockets = Mode == CutMode.Sockets ? new NodeSockets(time) : null;
    }

    /// <summary>Gets how connections are cut.</summary>
    internal CutMode Mode { get; }

    /// <summary>Gets the private member of Npgsql for want of which <see cref="Mode"/> is not <see cref="CutMode.Stream"/>; null otherwise.</summary>
    internal string? MissingMember { get; }

    /// <summary>Gets whether the node was left, and not trusted since.</summary>
    internal bool IsCondemned => _isCondemned;

    /// <summary>Makes a data source to be built tell of its connections. It has room for one initializer only: the user's own come here.</summary>
    internal void Attach(NpgsqlDataSourceBuilder builder, Action<NpgsqlConnection>? initialize = null, Func<NpgsqlConnection, Task>? initializeAsync = null) =>
        builder.UsePhysicalConnectionInitializer(
            connection =>
            {
                _sockets?.Learn(connection.Host!, connection.Port);
                Opened(connection);
                initialize?.Invoke(connection);
            },
            async connection =>
            {
                if (_sockets is not null)
                {
                    await _sockets.LearnAsync(connection.Host!, connection.Port).ConfigureAwait(false);
                }

                Opened(connection);
                if (initializeAsync is not null)
                {
                    await initializeAsync(connection).ConfigureAwait(false);
                }
            });

    /// <summary>Tells of a data source that was built: its idle connections are dropped when the node is left.</summary>
    internal void Own(NpgsqlDataSource source)
    {
        lock (_streams)
        {
            _sources = [.. _sources, source];
        }
    }

    /// <summary>Leaves a local port alone in mode <see cref="CutMode.Sockets"/>, which cannot tell whose a connection is: that of a probe.</summary>
    internal void Spare(int localPort) => _sockets?.Spare(localPort);

    /// <summary>The node was left: cuts what is open, in use or idle, and refuses what is opened from here on. Waits for nothing.</summary>
    /// <returns>How many connections were cut.</returns>
    internal int Condemn()
    {
        // Before the look at the list: who comes later into it sees the word.
        _isCondemned = true;
        int cut = _sockets?.Condemn() ?? _streams.Cut(CutCause.NodeLeft);
        foreach (NpgsqlDataSource source in _sources)
        {
            source.Clear();
        }

        return cut;
    }

    /// <summary>The node may be used again.</summary>
    internal void Trust()
    {
        _isCondemned = false;
        _sockets?.Trust();
    }

    /// <summary>Cuts one connection; the node's others are left alone.</summary>
    /// <returns>False if it cannot: it is closed, was cut before, or the mode is not <see cref="CutMode.Stream"/>.</returns>
    internal bool Cut(NpgsqlConnection connection) => StreamOf(connection)?.Cut(CutCause.Asked) ?? false;

    /// <summary>Cuts one connection, whatever node it leads to; does nothing where <see cref="Mode"/> is not <see cref="CutMode.Stream"/>, or it was opened by a data source that is not ours.</summary>
    internal static void CutAny(NpgsqlConnection connection) => FindStream(connection)?.Cut(CutCause.Asked);

    /// <summary>Says whether the server may be asked to cancel what a connection runs. Without it a call whose time is up costs the connection at once: so with a COMMIT, which must not be cancelled.</summary>
    internal void Guard(NpgsqlConnection connection, bool softCancel)
    {
        if (StreamOf(connection) is { } stream)
        {
            stream.SoftCancel = softCancel && _context.Settings.SoftCancel;
        }
    }

    /// <summary>Gets what is known of a connection's traffic; null if it is closed or the mode is not <see cref="CutMode.Stream"/>. To be taken before a call: a connection that broke has none.</summary>
    internal ConnectionTrace? TraceOf(NpgsqlConnection connection) => StreamOf(connection)?.Trace;

    /// <summary>Finds what is known of a connection's traffic, whatever node it leads to; null as for <see cref="TraceOf"/>.</summary>
    internal static ConnectionTrace? FindTrace(NpgsqlConnection connection) => FindStream(connection)?.Trace;

    /// <inheritdoc/>
    public void Dispose() => _sockets?.Dispose();

    private static CuttableStream? FindStream(NpgsqlConnection connection) => NpgsqlInternals.MissingMember is null ? NpgsqlInternals.StreamOf(connection) as CuttableStream : null;

    private CuttableStream? StreamOf(NpgsqlConnection connection) =>
        Mode == CutMode.Stream ? NpgsqlInternals.StreamOf(connection) as CuttableStream : null;

    private void Opened(NpgsqlConnection connection)
    {
        if (Mode == CutMode.Stream && NpgsqlInternals.ConnectorOf(connection) is { } connector && NpgsqlInternals.StreamOf(connection) is { } inner)
        {
            CuttableStream stream = new(inner, connector, connection.ProcessID, _context);
            NpgsqlInternals.Interpose(connector, stream);
            _streams.Add(stream);
        }

        if (_isCondemned)
        {
            throw new NodeLeftException(_context.Node);
        }
    }
}
