using System.Text.Json;
using Failover.TestServers.Servers;

namespace Failover.Etcd.Tests.Arbitration;

/// <summary>A cluster of three for many tests, which run one after another. Each begins with all three members well, and with a lineage of leases that is no longer new.</summary>
public sealed class SharedEtcd : IAsyncLifetime
{
    private EtcdServer[] _members = [];

    /// <summary>Gets the members, after what the test before did to them was undone.</summary>
    public async Task<IReadOnlyList<EtcdServer>> HealthyAsync()
    {
        if (_members.Length == 0)
        {
            _members = await EtcdServer.StartClusterAsync(3);
        }

        foreach (EtcdServer member in _members)
        {
            if (member.IsRunning)
            {
                member.Thaw();
            }
            else
            {
                await member.StartAgainAsync();
            }
        }

        using EtcdLeaseStore store = new(EtcdLeases.At([.. _members]));
        await EtcdLeases.TakeSoonAsync(store, EtcdLeases.Request("warm") with { Duration = TimeSpan.FromSeconds(1) });
        foreach (EtcdServer member in _members)
        {
            // Each of them, and linearizably.
            await EtcdLeases.SoonAsync(async () => await member.ControlAsync("get", "/") is { });
        }

        return _members;
    }

    /// <summary>Tells the leader from the others.</summary>
    public static async Task<EtcdServer> LeaderAsync(IReadOnlyList<EtcdServer> members)
    {
        foreach (EtcdServer member in members)
        {
            using JsonDocument told = JsonDocument.Parse(await member.ControlAsync("endpoint", "status", "--write-out", "json"));
            JsonElement status = told.RootElement[0].GetProperty("Status");
            if (status.GetProperty("leader").GetUInt64() == status.GetProperty("header").GetProperty("member_id").GetUInt64())
            {
                return member;
            }
        }

        throw new InvalidOperationException("There is no leader.");
    }

    /// <inheritdoc/>
    public Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        foreach (EtcdServer member in _members)
        {
            await member.DisposeAsync();
        }
    }
}
