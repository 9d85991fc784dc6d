namespace Failover.HealthChecks.Tests.Peers;

/// <summary>Claims what a test says.</summary>
internal sealed class Claimer(params (string Name, string Value)[] claims) : INodeClaims
{
    internal Func<IEnumerable<KeyValuePair<string, string>>> OnRead { get; set; } = () => claims.Select(static claim => KeyValuePair.Create(claim.Name, claim.Value));

    public IEnumerable<KeyValuePair<string, string>> Read() => OnRead();
}
