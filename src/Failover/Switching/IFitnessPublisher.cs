using System.Diagnostics.CodeAnalysis;

namespace Failover;

/// <summary>Tells a system that elects by itself how fit this node is, by how its group stands: one that is called. keepalived, HAProxy and Route 53 go by the health of the node instead (<see cref="IFailoverHealth"/>), each in its own way.</summary>
[Experimental("FAILOVER001")]
public interface IFitnessPublisher
{
    /// <summary>Called at the start with 0, and whenever the fitness changes, one call at a time; of several changes during one call only the last is told. What it throws is logged.</summary>
    /// <param name="fitness">The fitness now.</param>
    /// <param name="cancellationToken">Cancelled when the group stops.</param>
    ValueTask PublishAsync(Fitness fitness, CancellationToken cancellationToken);
}
