using System.Globalization;
using Failover.Redis.Resp;

namespace Failover.Redis.Switching;

/// <summary>
/// Has the sentinels prefer one replica: they take the lowest <c>replica-priority</c> above 0, before all else but the state of the link. A sentinel reads it with INFO, every 10 seconds. What was changed is put back, and written to the node's own file, since a sentinel may have
/// had the changed value written there.
/// </summary>
internal sealed class ReplicaPriorities
{
    private const string Setting = "replica-priority";

    /// <summary>What the replica that is asked for gets; all others must have more.</summary>
    private const int Preferred = 1;

    private readonly List<(RespConnection Node, int Before)> _changed = [];

    /// <summary>Sets the priorities.</summary>
    /// <exception cref="RespErrorException">A node refuses.</exception>
    internal async Task PreferAsync(RespConnection target, IReadOnlyList<RespConnection> others, CancellationToken cancellationToken)
    {
        await SetAsync(target, Preferred, cancellationToken).ConfigureAwait(false);
        foreach (RespConnection other in others)
        {
            if (await GetAsync(other, cancellationToken).ConfigureAwait(false) == Preferred)
            {
                await SetAsync(other, Preferred + 1, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Puts back what was changed, for as long as a node answers.</summary>
    internal async Task RestoreAsync(CancellationToken cancellationToken)
    {
        foreach ((RespConnection node, int before) in _changed)
        {
            try
            {
                await node.AskAsync(cancellationToken, "CONFIG", "SET", Setting, before.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false);
                await node.AskAsync(cancellationToken, "CONFIG", "REWRITE").ConfigureAwait(false);
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

    private async Task SetAsync(RespConnection node, int priority, CancellationToken cancellationToken)
    {
        int before = await GetAsync(node, cancellationToken).ConfigureAwait(false);
        if (before == priority)
        {
            return;
        }

        await node.AskAsync(cancellationToken, "CONFIG", "SET", Setting, priority.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false);
        _changed.Add((node, before));
    }
}
