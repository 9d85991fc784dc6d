using Failover.TestServers.Http;

namespace Failover.Http.Tests.Processes;

/// <summary>Two real backends that the tests of a class share, one after the other.</summary>
public sealed class BackendPair : IAsyncLifetime
{
    public BackendProcess A { get; private set; } = null!;

    public BackendProcess B { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        BackendProcess[] backends = await Task.WhenAll(BackendProcess.StartAsync("a"), BackendProcess.StartAsync("b"));
        (A, B) = (backends[0], backends[1]);
    }

    /// <summary>Starts what was killed, and ends what faults the last test left.</summary>
    public Task MendAsync() => Task.WhenAll(new[] { A, B }.Select(backend => backend.IsRunning ? backend.HealAsync() : backend.StartAgainAsync()));

    public async Task DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
    }
}
