using Failover.TestServers.Servers;

namespace Failover.TestServers.Streaming;

/// <summary>Plain streaming replication: a primary and its standby, promoted by hand, and an old primary that comes back as if nothing had happened.</summary>
public sealed class StreamingPair : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private StreamingPair(StreamingNode primary, StreamingNode standby)
    {
        Primary = primary;
        Standby = standby;
    }

    /// <summary>Gets the node that was started as the primary. Killed and started again it is one still, on its timeline, whatever became of the other.</summary>
    public StreamingNode Primary { get; }

    /// <summary>Gets the node that was started as the standby.</summary>
    public StreamingNode Standby { get; }

    /// <summary>Gets where Npgsql finds both nodes, as the app's user.</summary>
    public string ConnectionString => Primary.ConnectionString.Replace($"Host={Primary.Host};Port={Primary.Port}", $"Host={Primary.Host}:{Primary.Port},{Standby.Host}:{Standby.Port}", StringComparison.Ordinal);

    /// <summary>Starts both and waits until the standby streams.</summary>
    public static async Task<StreamingPair> StartAsync()
    {
        Secrets secrets = Secrets.New();
        using DataFolder data = await DataFolder.CreateAsync(secrets);
        StreamingNode primary = await StreamingNode.StartAsync("old", secrets, data);
        StreamingNode? standby = null;
        try
        {
            standby = await StreamingNode.StartAsync("new", secrets, data, follows: primary);
            await standby.WaitAsync(static state => state.Timeline > 0, Limit);
            return new(primary, standby);
        }
        catch
        {
            await (standby?.DisposeAsync() ?? default);
            await primary.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes the standby a primary, as a person would, and waits until it is one.</summary>
    public async Task PromoteStandbyAsync()
    {
        await Standby.ExecuteAsync("select pg_promote(wait => false)");
        await Standby.WaitAsync(static state => state.IsPrimary, Limit);
    }

    /// <summary>Ends both nodes and deletes their folders.</summary>
    public async ValueTask DisposeAsync()
    {
        await Standby.DisposeAsync();
        await Primary.DisposeAsync();
    }
}
