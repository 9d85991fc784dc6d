using System.Collections.Concurrent;
using System.Net;
using Failover.PostgreSql.Cutting;
using Failover.PostgreSql.Probing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Failover.PostgreSql.Nodes;

/// <summary>The nodes of a cluster, each made when it is first needed. Safe for any thread.</summary>
internal sealed class ClusterNodes(string group, ClusterString cluster, NodeParts parts) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<FailoverMember, Lazy<Node>> _nodes = new();
    private volatile Action<Hint>? _hint;
    private volatile bool _isDisposed;

    internal Node Of(FailoverMember member)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(FailoverDataSource));
        return _nodes.GetOrAdd(member, static (member, nodes) => new Lazy<Node>(() => nodes.Make(member)), this).Value;
    }

    /// <summary>Returns the node that a connection was opened to; null if it was removed meanwhile.</summary>
    internal Node? Find(NpgsqlConnection connection) =>
        _nodes.FirstOrDefault(node => node.Key.Address.Port == connection.Port && string.Equals(node.Key.Address.IdnHost, connection.Host, StringComparison.OrdinalIgnoreCase)).Value?.Value;

    /// <summary>Sets who is told what calls see of a node.</summary>
    internal void TellTo(Action<Hint> hint) => _hint = hint;

    /// <summary>The name of a node leads to another machine: the node is not what it was, and has to prove itself there.</summary>
    internal void Moved(FailoverMember member)
    {
        if (_nodes.TryGetValue(member, out Lazy<Node>? node))
        {
            node.Value.Moved();
        }
    }

    /// <summary>Ends what belongs to nodes that are no members any more.</summary>
    internal void Keep(IEnumerable<FailoverMember> members)
    {
        HashSet<FailoverMember> kept = [.. members];
        foreach (FailoverMember member in _nodes.Keys)
        {
            if (!kept.Contains(member) && _nodes.TryRemove(member, out Lazy<Node>? gone))
            {
                gone.Value.Leave();
                _ = gone.Value.DisposeAsync().AsTask();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        foreach (Lazy<Node> node in _nodes.Values)
        {
            await node.Value.DisposeAsync().ConfigureAwait(false);
        }
    }

    private Node Make(FailoverMember member)
    {
        var connections = new NodeConnections(member.Name, parts.Time, parts.Cutting, new Witness(this, member));
        NpgsqlConnectionStringBuilder settings = cluster.For(member);
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = $"{group}: {member.Name}" };
        if (parts.Loggers is { } loggers)
        {
            builder.UseLoggerFactory(loggers);
        }

        parts.Configure?.Invoke(builder);
        connections.Attach(builder);
        NodeSession session = NodeSession.To(settings, group, parts, new NodeConnections(member.Name, parts.Time, parts.Cutting, new Witness(this, member)));
        NpgsqlDataSource source = builder.Build();
        connections.Own(source);
        return new Node(member, source, connections, session);
    }

    /// <summary>What calls see is only a reason to look: the node itself is asked.</summary>
    private sealed class Witness(ClusterNodes nodes, FailoverMember member) : INodeWitness
    {
        public void ServerError(string sqlState, bool isFatal) => Tell();

        public void ConnectionLost() => Tell();

        private void Tell() => nodes._hint?.Invoke(new Hint(HintKind.LookNow, "calls") { Member = member });
    }
}

/// <summary>What all nodes of a cluster have in common, beside their connection string.</summary>
internal sealed record NodeParts
{
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    internal ILoggerFactory? Loggers { get; init; }

    internal CutSettings Cutting { get; init; } = new();

    /// <summary>What the app sets up on each pool: types, passwords, tracing.</summary>
    internal Action<NpgsqlDataSourceBuilder>? Configure { get; init; }

    /// <summary>Who probes; null for the user of the connection string.</summary>
    internal string? ProbeUserName { get; init; }

    internal string? ProbePassword { get; init; }

    /// <summary>Looks up where a name leads. Connections are opened by what Npgsql finds, which asks the same resolver.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;
}
