namespace Failover.Scenarios.Clients;

/// <summary>All of them, ours first.</summary>
internal static class ClientKinds
{
    internal static readonly IReadOnlyList<ClientKind> All =
    [
        new FailoverClient(),
        new BareClient(),
        new StandardResilienceClient(),
        new StandardHedgingClient(),
        new PollyByHandClient(),
        new PollyByHandBreakerClient(),
    ];
}
