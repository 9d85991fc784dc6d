using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Failover.Keepalived.Tests.Sites;

/// <summary>The health of a node that is fit.</summary>
internal sealed class FakeHealth : IFailoverHealth
{
    private readonly ConfigurationReloadToken _never = new();

    public HealthVerdicts Verdicts { get; } = new() { Operational = true, CanServe = true, Alive = true, IsStarted = true, IsDraining = false };

    public IChangeToken GetChangeToken() => _never;
}
