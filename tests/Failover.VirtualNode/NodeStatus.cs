namespace Failover.VirtualNode;

/// <summary>How a node stands, for a test.</summary>
internal sealed record NodeStatus
{
    public required HealthVerdicts Verdicts { get; init; }

    internal static NodeStatus Of(IServiceProvider services) => new() { Verdicts = services.GetRequiredService<IFailoverHealth>().Verdicts };
}
