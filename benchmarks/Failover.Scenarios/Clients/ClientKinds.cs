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

    /// <summary>Ours and the one with nothing added.</summary>
    internal static readonly IReadOnlyList<ClientKind> OursAndBare = [.. All.Take(2)];
}
