using Xunit;

namespace Failover.TestServers.Patroni;

/// <summary>
/// One cluster for many test classes, started when the first test asks for it: <c>[CollectionDefinition("patroni")] public sealed class OnPatroni : ICollectionFixture&lt;SharedPatroni&gt;;</c>.
/// The tests of a collection run one after another, and each begins with a healthy cluster.
/// </summary>
public sealed class SharedPatroni : IAsyncLifetime
{
    private PatroniCluster? _cluster;

    /// <summary>Gets the cluster, after what the test before did to it was undone.</summary>
    public async Task<PatroniCluster> HealthyAsync()
    {
        if (_cluster is { } used)
        {
            try
            {
                await used.RestoreAsync();
                return used;
            }
            catch (TimeoutException)
            {
                // Another test is not to blame: it gets a cluster of its own.
                _cluster = null;
                await used.DisposeAsync();
            }
        }

        // Over etcd's new API this version of Patroni lets a primary that wakes up take its leader key back, without looking who has it by then.
        return _cluster = await PatroniCluster.StartAsync(new() { EtcdV2 = true });
    }

    /// <inheritdoc/>
    public Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }
}
