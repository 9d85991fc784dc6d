using System.Globalization;
using Failover.Redis.Resp;
using Microsoft.Extensions.Logging;

namespace Failover.Redis.Switching;

/// <summary>
/// Has the sentinels prefer one replica: they take the lowest <c>replica-priority</c> above 0, before all else but the state of the link. A sentinel reads it with INFO, every 10 seconds. What was changed is put back.
/// </summary>
internal sealed class ReplicaPriorities(ILogger logger)
{
    private const string Setting = "replica-priority";

    /// <summary>What the replica that is asked for gets; all others must have more.</summary>
    private const int Preferred = 1;

    private readonly List<(SwitchServer Node, int Before)> _changed = [];

    /// <summary>Sets the priorities.</summary>
    /// <exception cref="SwitchRefusedException">A node refuses, or the target cannot be asked.</exception>
    internal async Task PreferAsync(SwitchServer target, IEnumerable<SwitchServer> others, CancellationToken cancellationToken)
    {
        int its = await GetAsync(target, cancellationToken).ConfigureAwait(false);
        if (its != Preferred)
        {
            await SetAsync(target, its, Preferred, cancellationToken).ConfigureAwait(false);
        }

        foreach (SwitchServer other in others)
        {
            try
            {
                if (await GetAsync(other, cancellationToken).ConfigureAwait(false) == Preferred)
                {
                    await SetAsync(other, Preferred, Preferred + 1, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (SwitchRefusedException refused) when (refused.Kind is null)
            {
                // One that cannot be asked is no candidate for the sentinels either; if it is for them, they are waited for in vain, and that is told.
            }
        }
    }

    /// <summary>Puts back what was changed.</summary>
    /// <param name="isWritten">Whether sentinels may have had the changed values written to the nodes' files, as they do to those that they reconfigure.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal Task RestoreAsync(bool isWritten, CancellationToken cancellationToken) => Task.WhenAll(_changed.Select(async changed =>
    {
        string before = changed.Before.ToString(CultureInfo.InvariantCulture);
        if (!await changed.Node.TryAsync(cancellationToken, "CONFIG", "SET", Setting, before).ConfigureAwait(false))
        {
            Log.PriorityLeft(logger, changed.Node.Address, before);
        }
        else if (isWritten)
        {
            // A server without a file refuses.
            await changed.Node.TryAsync(cancellationToken, "CONFIG", "REWRITE").ConfigureAwait(false);
        }
    }));

    private static async Task<int> GetAsync(SwitchServer node, CancellationToken cancellationToken)
    {
        RespValue answer = await node.AskAsync(cancellationToken, "CONFIG", "GET", Setting).ConfigureAwait(false);
        return answer.Items is [_, { Text: { } text }] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int priority)
            ? priority
            : throw new SwitchRefusedException($"{node.Address} has no {Setting}: it needs Redis 5 or newer") { Kind = "ERR" };
    }

    private async Task SetAsync(SwitchServer node, int before, int priority, CancellationToken cancellationToken)
    {
        // Before it is sent: an answer that is lost does not tell whether it was set.
        _changed.Add((node, before));
        await node.AskAsync(cancellationToken, "CONFIG", "SET", Setting, priority.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false);
    }
}
