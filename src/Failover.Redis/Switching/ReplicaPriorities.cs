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

    /// <summary>What nodes had, and whether an earlier switch has left it to this one to put that back.</summary>
    private readonly Dictionary<SwitchServer, (int Priority, bool WasLeft)> _before = [];

    /// <summary>Sets the priorities.</summary>
    /// <exception cref="SwitchRefusedException">A node refuses, or the target cannot be asked.</exception>
    internal async Task PreferAsync(SwitchServers servers, CancellationToken cancellationToken)
    {
        await PutBackAsync(servers, cancellationToken).ConfigureAwait(false);
        int its = await GetAsync(servers.Target, cancellationToken).ConfigureAwait(false);
        if (its != Preferred)
        {
            await SetAsync(servers.Master, servers.Target, its, Preferred, cancellationToken).ConfigureAwait(false);
        }

        foreach (SwitchServer other in servers.Others)
        {
            try
            {
                if (await GetAsync(other, cancellationToken).ConfigureAwait(false) == Preferred)
                {
                    await SetAsync(servers.Master, other, Preferred, Preferred + 1, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (SwitchRefusedException refused) when (refused.Kind is null)
            {
                // One that cannot be asked is no candidate for the sentinels either; if it is for them, they are waited for in vain, and that is told.
            }
        }
    }

    /// <summary>Puts back what was changed. What cannot be is told, and left to the next switch.</summary>
    /// <param name="master">The node that is master now.</param>
    /// <param name="isWritten">Whether sentinels may have had the changed values written to the nodes' files, as they do to those that they reconfigure.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task RestoreAsync(SwitchServer master, bool isWritten, CancellationToken cancellationToken)
    {
        SwitchServer?[] restored = await Task.WhenAll(_before.Select(async changed =>
        {
            (SwitchServer node, (int before, bool wasLeft)) = changed;
            if (!await node.TryAsync(cancellationToken, Command(before)).ConfigureAwait(false))
            {
                Log.PriorityLeft(logger, node.Address, before);
                return null;
            }

            if (isWritten || wasLeft)
            {
                // A server without a file refuses.
                await node.TryAsync(cancellationToken, "CONFIG", "REWRITE").ConfigureAwait(false);
            }

            return node;
        })).ConfigureAwait(false);
        await PriorityNotes.ForgetAsync(master, [.. restored.OfType<SwitchServer>()], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Puts back what a switch has left that was never ended. If a node cannot be asked now, it is asked again at the end.</summary>
    private async Task PutBackAsync(SwitchServers servers, CancellationToken cancellationToken)
    {
        foreach ((string node, int before) in await PriorityNotes.ReadAsync(servers.Master, cancellationToken).ConfigureAwait(false))
        {
            if (servers.Nodes.FirstOrDefault(server => $"{server.Address}" == node) is { } left)
            {
                _before[left] = (before, WasLeft: true);
                await left.TryAsync(cancellationToken, Command(before)).ConfigureAwait(false);
            }
        }
    }

    private static string[] Command(int priority) => ["CONFIG", "SET", Setting, priority.ToString(CultureInfo.InvariantCulture)];

    private static async Task<int> GetAsync(SwitchServer node, CancellationToken cancellationToken)
    {
        RespValue answer = await node.AskAsync(cancellationToken, "CONFIG", "GET", Setting).ConfigureAwait(false);
        return answer.Items is [_, { Text: { } text }] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int priority)
            ? priority
            : throw new SwitchRefusedException($"{node.Address} has no {Setting}: it needs Redis 5 or newer") { Kind = "ERR" };
    }

    private async Task SetAsync(SwitchServer master, SwitchServer node, int before, int priority, CancellationToken cancellationToken)
    {
        // Before it is sent: an answer that is lost does not tell whether it was set. What was left to be put back is noted already.
        if (_before.TryAdd(node, (before, WasLeft: false)))
        {
            await PriorityNotes.AddAsync(master, node, before, cancellationToken).ConfigureAwait(false);
        }

        await node.AskAsync(cancellationToken, Command(priority)).ConfigureAwait(false);
    }
}
