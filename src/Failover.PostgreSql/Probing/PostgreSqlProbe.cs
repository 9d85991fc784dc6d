using System.Net.Sockets;
using Failover.PostgreSql.Lag;
using Failover.PostgreSql.Nodes;
using Npgsql;

namespace Failover.PostgreSql.Probing;

/// <summary>Asks each node what it is: its role by its own word, its epoch, and how far it is behind.</summary>
internal sealed class PostgreSqlProbe(ClusterNodes nodes, ReplicationLag lag, TimeProvider time) : IMemberProbe
{
    private readonly long _origin = time.GetTimestamp();

    public async ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken)
    {
        Node node = nodes.Of(member);
        if (node.LeaveOldSession())
        {
            // Callers wait until the node has proven itself on the other machine.
            return ProbeResult.Failure("its name leads to another address");
        }

        NodeAnswer? answer;
        try
        {
            answer = await node.Session.AskAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return WhyNot(exception);
        }

        return answer is null ? ProbeResult.Failure("its answer is none of PostgreSQL's") : Told(node, answer);
    }

    private ProbeResult Told(Node node, NodeAnswer answer)
    {
        TimeSpan now = time.GetElapsedTime(_origin);
        if (answer.IsInRecovery)
        {
            return ProbeResult.Success(MemberRole.Replica, answer.Epoch) with { Lag = lag.Standby(node, answer, now) };
        }

        if (answer.IsReadOnly)
        {
            return ProbeResult.Success(MemberRole.Unknown, answer.Epoch) with { Evidence = "its transactions are read-only by default" };
        }

        lag.Primary(node, answer, now);
        return ProbeResult.Success(MemberRole.Primary, answer.Epoch);
    }

    /// <summary>What a node that refuses says in words may hold names and addresses of the user's: its code is enough.</summary>
    private static ProbeResult WhyNot(NpgsqlException exception) => exception switch
    {
        PostgresException refused => ProbeResult.Failure($"PostgreSQL refuses the probe: {SqlStates.Say(refused.SqlState)}"),
        { InnerException: TimeoutException } => ProbeResult.Timeout("no answer while connecting"),
        { InnerException: SocketException socket } => ProbeResult.Failure(Say(socket)),
        { InnerException.InnerException: SocketException socket } => ProbeResult.Failure(Say(socket)),
        { InnerException: EndOfStreamException } => ProbeResult.Failure("the connection was closed"),
        { InnerException: { } inner } => ProbeResult.Failure(inner.GetType().Name),
        _ => ProbeResult.Failure(exception.GetType().Name),
    };

    private static string Say(SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset => "connection reset",
        SocketError.HostNotFound or SocketError.NoData => "its name is not known",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "no way to it",
        var other => other.ToString(),
    };
}
