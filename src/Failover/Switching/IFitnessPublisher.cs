using System.Diagnostics.CodeAnalysis;

namespace Failover;

/// <summary>Tells this node's fitness to a system that elects by itself: keepalived's credit file, HAProxy's agent, Route 53's checkers.</summary>
[Experimental("FAILOVER001")]
public interface IFitnessPublisher
{
    /// <summary>Called at the start with 0, and whenever the fitness changes, one call at a time; of several changes during one call only the last is told. What it throws is logged.</summary>
    /// <param name="fitness">The fitness now.</param>
    /// <param name="cancellationToken">Cancelled when the group stops.</param>
    ValueTask PublishAsync(Fitness fitness, CancellationToken cancellationToken);
}
