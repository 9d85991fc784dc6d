using Failover.Redis.Sets;

namespace Failover.Redis.Switching;

/// <summary>The servers that one planned switch has to do with.</summary>
internal sealed class SwitchServers : IAsyncDisposable
{
    internal required SwitchServer Master { get; init; }

    /// <summary>Gets the replica that is to follow it.</summary>
    internal required SwitchServer Target { get; init; }

    /// <summary>Gets the other nodes.</summary>
    internal required IReadOnlyList<SwitchServer> Others { get; init; }

    /// <summary>Gets the sentinel that is asked for the failover.</summary>
    internal required SwitchServer Sentinel { get; init; }

    /// <summary>Gets all nodes.</summary>
    internal IEnumerable<SwitchServer> Nodes => Others.Append(Target).Append(Master);

    /// <summary>Finds a sentinel that answers. Nobody else is asked anything.</summary>
    /// <exception cref="SwitchRefusedException">None does.</exception>
    internal static async Task<SwitchServers> FindAsync(RedisSet set, FailoverMember master, FailoverMember target, IEnumerable<FailoverMember> members, CancellationToken cancellationToken)
    {
        foreach (HostAndPort address in set.Sentinels)
        {
            SwitchServer sentinel = new(address, set.ToSentinels, set.Parts.Time);
            if (await sentinel.TryAsync(cancellationToken, "PING").ConfigureAwait(false))
            {
                return new SwitchServers
                {
                    Master = Of(master),
                    Target = Of(target),
                    Others = [.. members.Where(member => !member.Equals(master) && !member.Equals(target)).Select(Of)],
                    Sentinel = sentinel,
                };
            }

            await sentinel.DisposeAsync().ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw new SwitchRefusedException("no sentinel of the connection string answers");

        SwitchServer Of(FailoverMember member) => new(HostAndPort.Of(member), set.ToNodes, set.Parts.Time);
    }

    /// <summary>Returns that of a node; the master's if it is none of them.</summary>
    internal SwitchServer At(FailoverMember? node) => Nodes.FirstOrDefault(server => node is not null && server.Address == HostAndPort.Of(node)) ?? Master;

    public async ValueTask DisposeAsync()
    {
        foreach (SwitchServer server in Nodes.Append(Sentinel))
        {
            await server.DisposeAsync().ConfigureAwait(false);
        }
    }
}
