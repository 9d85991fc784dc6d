using System.Globalization;
using Failover.Redis.Resp;
using Failover.Redis.Sets;

namespace Failover.Redis.Switching;

/// <summary>
/// Has the sentinels prefer one replica: they take the lowest <c>replica-priority</c> above 0, before all else but the state of the link. A sentinel reads it with INFO, every 10 seconds. What was changed is put back, and written to the node's own file, since a sentinel may have
/// had the changed value written there.
/// </summary>
internal sealed class ReplicaPriorities(RespAccess access)
{
    private const string Setting = "replica-priority";

    /// <summary>What the replica that is asked for gets; all others must have more.</summary>
    private const int Preferred = 1;

    private readonly List<(HostAndPort Node, int Before)> _changed = [];

    /// <summary>Sets the priorities.</summary>
    /// <exception cref="RespErrorException">A node refuses.</exception>
    internal async Task PreferAsync(NodeConnection target, IReadOnlyList<NodeConnection> others, CancellationToken cancellationToken)
    {
        await SetAsync(target, Preferred, cancellationToken).ConfigureAwait(false);
        foreach (NodeConnection other in others)
        {
            if (await GetAsync(other.Connection, cancellationToken).ConfigureAwait(false) == Preferred)
            {
                await SetAsync(other, Preferred + 1, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Puts back what was changed, for as long as a node answers. Over new connections: a sentinel that promotes a node ends those that it has.</summary>
    internal async Task RestoreAsync(CancellationToken cancellationToken)
    {
        foreach ((HostAndPort address, int before) in _changed)
        {
            try
            {
                RespConnection node = await RespConnection.ConnectAsync(address.Host, address.Port, access, cancellationToken).ConfigureAwait(false);
                await using (node.ConfigureAwait(false))
                {
                    await node.AskAsync(cancellationToken, "CONFIG", "SET", Setting, before.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false);
                    await node.AskAsync(cancellationToken, "CONFIG", "REWRITE").ConfigureAwait(false);
                }
            }
            catch (Exception fault) when (RespFaults.IsFault(fault))
            {
                // A server without a file, or one that is gone: a node that was restarted has what its file says.
            }
        }

        _changed.Clear();
    }

    private static async Task<int> GetAsync(RespConnection node, CancellationToken cancellationToken)
    {
        RespValue answer = await node.AskAsync(cancellationToken, "CONFIG", "GET", Setting).ConfigureAwait(false);
        return answer.Items is [_, { Text: { } text }] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int priority)
            ? priority
            : throw new RespProtocolException("CONFIG GET replica-priority was answered by something else");
    }

    private async Task SetAsync(NodeConnection node, int priority, CancellationToken cancellationToken)
    {
        int before = await GetAsync(node.Connection, cancellationToken).ConfigureAwait(false);
        if (before == priority)
        {
            return;
        }

        await node.Connection.AskAsync(cancellationToken, "CONFIG", "SET", Setting, priority.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false);
        _changed.Add((node.Address, before));
    }
}
