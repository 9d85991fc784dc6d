using Xunit;

namespace Failover.TestServers.Sentinel;

/// <summary>
/// One set for many test classes, started when the first test asks for it: <c>[CollectionDefinition("sentinels")] public sealed class OnSentinels : ICollectionFixture&lt;SharedSentinels&gt;;</c>.
/// The tests of a collection run one after another, and each begins with a healthy set.
/// </summary>
public sealed class SharedSentinels : IAsyncLifetime
{
    private SentinelSet? _set;

    /// <summary>Gets the set, after what the test before did to it was undone.</summary>
    public async Task<SentinelSet> HealthyAsync()
    {
        if (_set is { } used)
        {
            try
            {
                await used.RestoreAsync();
                return used;
            }
            catch (TimeoutException)
            {
                // Another test is not to blame: it gets a set of its own.
                _set = null;
                await used.DisposeAsync();
            }
        }

        return _set = await SentinelSet.StartAsync();
    }

    /// <inheritdoc/>
    public Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_set is not null)
        {
            await _set.DisposeAsync();
        }
    }
}
