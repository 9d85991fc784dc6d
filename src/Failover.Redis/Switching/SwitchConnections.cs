using Failover.Redis.Resp;
using Failover.Redis.Sets;

namespace Failover.Redis.Switching;

/// <summary>The connections of one planned switch: to the master, to the replica that is to follow it, to the other replicas, and to one sentinel.</summary>
internal sealed class SwitchConnections : IAsyncDisposable
{
    private readonly List<RespConnection> _all = [];

    internal required RespConnection Master { get; init; }

    internal required NodeConnection Target { get; init; }

    internal required IReadOnlyList<NodeConnection> Others { get; init; }

    internal required RespConnection Sentinel { get; init; }

    /// <summary>Connects to all of them. Another replica that cannot be reached is no candidate for the sentinels either.</summary>
    /// <exception cref="SwitchRefusedException">One that is needed cannot be reached.</exception>
    internal static async Task<SwitchConnections> OpenAsync(RedisSet set, FailoverMember master, FailoverMember target, IEnumerable<FailoverMember> others, CancellationToken cancellationToken)
    {
        List<RespConnection> all = [];
        try
        {
            RespConnection toMaster = await NeededAsync(HostAndPort.Of(master), set.ToNodes, all, cancellationToken).ConfigureAwait(false);
            RespConnection toTarget = await NeededAsync(HostAndPort.Of(target), set.ToNodes, all, cancellationToken).ConfigureAwait(false);
            RespConnection? toSentinel = null;
            foreach (HostAndPort sentinel in set.Sentinels)
            {
                toSentinel ??= await TryAsync(sentinel, set.ToSentinels, all, cancellationToken).ConfigureAwait(false);
            }

            List<NodeConnection> toOthers = [];
            foreach (FailoverMember other in others)
            {
                if (await TryAsync(HostAndPort.Of(other), set.ToNodes, all, cancellationToken).ConfigureAwait(false) is { } made)
                {
                    toOthers.Add(new(HostAndPort.Of(other), made));
                }
            }

            SwitchConnections connections = new()
            {
                Master = toMaster,
                Target = new(HostAndPort.Of(target), toTarget),
                Others = toOthers,
                Sentinel = toSentinel ?? throw new SwitchRefusedException("no sentinel of the connection string answers"),
            };
            connections._all.AddRange(all);
            return connections;
        }
        catch
        {
            await CloseAsync(all).ConfigureAwait(false);
            throw;
        }
    }

    public ValueTask DisposeAsync() => CloseAsync(_all);

    private static async Task<RespConnection> NeededAsync(HostAndPort address, RespAccess access, List<RespConnection> all, CancellationToken cancellationToken)
    {
        try
        {
            RespConnection made = await RespConnection.ConnectAsync(address.Host, address.Port, access, cancellationToken).ConfigureAwait(false);
            all.Add(made);
            return made;
        }
        catch (Exception fault) when (RespFaults.IsFault(fault))
        {
            throw new SwitchRefusedException($"{address} cannot be reached: {RespFaults.EvidenceOf(fault)}");
        }
    }

    private static async Task<RespConnection?> TryAsync(HostAndPort address, RespAccess access, List<RespConnection> all, CancellationToken cancellationToken)
    {
        try
        {
            return await NeededAsync(address, access, all, cancellationToken).ConfigureAwait(false);
        }
        catch (SwitchRefusedException)
        {
            return null;
        }
    }

    private static async ValueTask CloseAsync(IEnumerable<RespConnection> connections)
    {
        foreach (RespConnection connection in connections)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
