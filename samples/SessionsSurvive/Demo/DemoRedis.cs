using Failover;
using Failover.TestServers.Sentinel;

namespace SessionsSurvive.Demo;

/// <summary>The servers, and what can be done to them. Safe for any thread.</summary>
internal sealed class DemoRedis : IAsyncDisposable
{
    private readonly SentinelSet _set;
    private readonly SemaphoreSlim _oneAtATime = new(1);

    private DemoRedis(SentinelSet set) => _set = set;

    internal string ConnectionString => _set.ConnectionString;

    internal static async Task<DemoRedis> StartAsync() => new(await SentinelSet.StartAsync());

    /// <summary>Moves the master as planned: an operator would type <c>redis-cli -p 26379 SENTINEL FAILOVER mymaster</c>.</summary>
    internal Task<string> SwitchAsync() => DoAsync(async () => (await _set.SwitchAsync()).Name);

    /// <summary>Ends the master as <c>kill -9</c> does.</summary>
    internal Task<string> KillMasterAsync() => DoAsync(async () =>
    {
        RedisNode master = await _set.WaitForMasterAsync();
        await master.KillAsync();
        return master.Name;
    });

    /// <summary>Starts what was killed. It keeps nothing on a disk: it comes back empty, and takes itself for the master until the sentinels, or here the set, tell it otherwise.</summary>
    internal Task<string> MendAsync() => DoAsync(async () => (await _set.RestoreAsync()).Name);

    /// <summary>What the servers are called here: the group knows their addresses.</summary>
    internal string? NameOf(FailoverMember? member) => _set.Nodes.FirstOrDefault(node => node.Port == member?.Address.Port)?.Name;

    public async ValueTask DisposeAsync()
    {
        await _set.DisposeAsync();
        _oneAtATime.Dispose();
    }

    private async Task<string> DoAsync(Func<Task<string>> act)
    {
        await _oneAtATime.WaitAsync();
        try
        {
            return await act();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }
}
