using Microsoft.Extensions.Primitives;

namespace Failover;

/// <summary>
/// What this node says of its own health: to its /health endpoints, and to whatever decides where traffic goes (keepalived, a load balancer's agent, a DNS switcher). Registered by <c>AddFailover().AddHealth()</c> of
/// Failover.HealthChecks. Safe for any thread.
/// </summary>
public interface IFailoverHealth
{
    /// <summary>Gets the verdicts as they stand now. Reading them runs no check and waits for none.</summary>
    HealthVerdicts Verdicts { get; }

    /// <summary>Returns a token that fires once, when a verdict next changes. Take the token first, then read <see cref="Verdicts"/>. Callbacks run on the thread pool.</summary>
    IChangeToken GetChangeToken();
}
