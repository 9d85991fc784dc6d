using System.Globalization;
using Failover.Redis.Resp;

namespace Failover.Redis.Switching;

/// <summary>
/// What priorities nodes had before a switch changed them: a hash on the master itself, which goes on with it to the next. Where an app dies in the middle of a switch it stays, and whoever switches next puts back what it says. Who has no right to the key goes without.
/// </summary>
internal static class PriorityNotes
{
    private const string Key = "failover:switch:priorities";

    /// <summary>Returns what was left: the addresses of nodes, and what each had.</summary>
    /// <exception cref="SwitchRefusedException">The master does not say it.</exception>
    internal static async Task<Dictionary<string, int>> ReadAsync(SwitchServer master, CancellationToken cancellationToken)
    {
        Dictionary<string, int> left = [];
        RespValue? said = await IfAllowedAsync(master, cancellationToken, "HGETALL", Key).ConfigureAwait(false);
        foreach (RespValue[] note in (said?.Items ?? []).Chunk(2))
        {
            if (note is [{ Text: { } node }, { Text: { } before }] && int.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out int priority))
            {
                left[node] = priority;
            }
        }

        return left;
    }

    /// <summary>Notes what a node has.</summary>
    /// <exception cref="SwitchRefusedException">The master does not take it.</exception>
    internal static Task AddAsync(SwitchServer master, SwitchServer node, int before, CancellationToken cancellationToken) =>
        IfAllowedAsync(master, cancellationToken, "HSET", Key, $"{node.Address}", before.ToString(CultureInfo.InvariantCulture));

    /// <summary>Forgets what was put back. It waits for a new master to take writes, as long as the token allows.</summary>
    internal static Task ForgetAsync(SwitchServer master, IReadOnlyCollection<SwitchServer> nodes, CancellationToken cancellationToken) =>
        nodes.Count == 0 ? Task.CompletedTask : master.InsistAsync(cancellationToken, ["HDEL", Key, .. nodes.Select(static node => $"{node.Address}")]);

    private static async Task<RespValue?> IfAllowedAsync(SwitchServer master, CancellationToken cancellationToken, params string[] command)
    {
        try
        {
            return await master.AskAsync(cancellationToken, command).ConfigureAwait(false);
        }
        catch (SwitchRefusedException refused) when (refused.Kind == "NOPERM")
        {
            return null;
        }
    }
}
