namespace Failover.Scenarios.Dns.Clients;

/// <summary>A client that finds its server by a name.</summary>
internal abstract class NameClient : IAsyncDisposable
{
    /// <summary>Asks once.</summary>
    /// <returns>Which server answered.</returns>
    internal abstract Task<string> AskAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
