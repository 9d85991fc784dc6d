using System.Globalization;
using Failover.Redis.Probing;
using Failover.Redis.Resp;
using Failover.Redis.Sentinel;
using Failover.Redis.Sets;

namespace Failover.Redis.Switching;

/// <summary>
/// Has the sentinels make a replica the master, without the loss of a write of whatever client: writes are held, the master is told to take none, the replica is waited for until it has everything, and then the failover begins.
/// </summary>
/// <remarks>
/// Redis's own <c>FAILOVER TO</c> does the same between two nodes. Under Sentinel it is undone: the sentinels have not decided it, take the new master for a replica that has gone astray, and make it one again.
/// </remarks>
internal sealed class RedisSwitcher(RedisSet set, Func<FailoverGroup> made) : ISwitcher
{
    /// <summary>A sentinel looks each 10 seconds at what priority a replica has: <c>info-period</c>.</summary>
    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(13);

    private static readonly TimeSpan NamedWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FencedFor = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ToTidy = TimeSpan.FromSeconds(2);

    /// <summary>What sentinels publish is a write: a master that is paused for longer than they are patient counts as dead.</summary>
    private TimeSpan PauseLimit
    {
        get
        {
            TimeSpan half = (set.Book.View.DownAfter ?? TimeSpan.FromSeconds(2)) / 2;
            return half < set.Options.HoldLimit ? half : set.Options.HoldLimit;
        }
    }

    private TimeProvider Time => set.Parts.Time;

    public ValueTask<SwitchReading> ReadAsync(CancellationToken cancellationToken) => new(Now());

    public SwitchPlan Plan(SwitchReading reading, FailoverMember target) => new(reading, target,
    [
        $"give {target.Name} the lowest replica-priority, and wait until the sentinels have seen it (up to {SeenWithin.TotalSeconds} s)",
        $"hold the commands of this app, and have {reading.Active?.Name ?? "the master"} take no writes (CLIENT PAUSE WRITE)",
        $"wait until {target.Name} has everything",
        $"SENTINEL FAILOVER {set.ServiceName}, and wait until most of the sentinels name {target.Name}",
        $"make {reading.Active?.Name ?? "the former master"} its replica, and put the priorities back",
    ]);

    public async ValueTask<SwitchReceipt> ApplyAsync(SwitchPlan plan, long? fencingToken, CancellationToken cancellationToken)
    {
        SwitchReading now = Now();
        if (now != plan.From || now.Active is not { } master)
        {
            return new(plan, SwitchOutcome.Conflict, now, "the sentinels name another master, or another epoch, than when the plan was made");
        }

        SwitchConnections? connections = null;
        try
        {
            IEnumerable<FailoverMember> others = made().Snapshot.Members.Select(static member => member.Member).Where(member => !member.Equals(master) && !member.Equals(plan.Target));
            connections = await SwitchConnections.OpenAsync(set, master, plan.Target, others, cancellationToken).ConfigureAwait(false);
            return await ApplyAsync(plan, connections, cancellationToken).ConfigureAwait(false);
        }
        catch (SwitchRefusedException refused)
        {
            return new(plan, SwitchOutcome.Failed, Now(), refused.Message);
        }
        finally
        {
            if (connections is not null)
            {
                await connections.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Switches back: the sentinels have no other way.</summary>
    public async ValueTask RestoreAsync(SwitchReceipt receipt, CancellationToken cancellationToken)
    {
        if (receipt.Plan.From.Active is { } before && receipt.ReadBack is { Active: { } after } reading && !after.Equals(before))
        {
            await ApplyAsync(Plan(reading, before), fencingToken: null, cancellationToken).ConfigureAwait(false);
        }
    }

    private SwitchReading Now()
    {
        MasterView view = set.Book.View;
        return new(view.Master, view.Epoch is { } epoch ? string.Create(CultureInfo.InvariantCulture, $"{epoch.Lineage} {epoch.Number}") : "");
    }

    private async Task<SwitchReceipt> ApplyAsync(SwitchPlan plan, SwitchConnections connections, CancellationToken cancellationToken)
    {
        ReplicaPriorities priorities = new(set.ToNodes);
        bool isHolding = false;
        bool hasAsked = false;
        bool isAnothers = false;
        try
        {
            await DoAsync("set the priorities", () => priorities.PreferAsync(connections.Target, connections.Others, cancellationToken)).ConfigureAwait(false);
            await UntilAsync($"the sentinels to prefer {plan.Target.Name}", SeenWithin, () => IsPreferredAsync(plan.Target, connections.Sentinel, cancellationToken), cancellationToken).ConfigureAwait(false);
            isHolding = true;
            await HoldAsync(plan.Target, connections, cancellationToken).ConfigureAwait(false);
            hasAsked = true;
            try
            {
                await DoAsync("SENTINEL FAILOVER", async () => await connections.Sentinel.AskAsync(cancellationToken, "SENTINEL", "FAILOVER", set.ServiceName).ConfigureAwait(false)).ConfigureAwait(false);
            }
            catch (SwitchRefusedException refused) when (refused.Kind is { } kind)
            {
                // Nothing has begun, but for what somebody else has asked for before.
                (hasAsked, isAnothers) = (false, kind == "INPROG");
                throw;
            }

            await UntilAsync("most of the sentinels to name another master", NamedWithin, () => new(Now() != plan.From), cancellationToken).ConfigureAwait(false);
            SwitchReading now = Now();
            return plan.Target.Equals(now.Active)
                ? new(plan, SwitchOutcome.Applied, now, null)
                : new(plan, SwitchOutcome.Conflict, now, $"the sentinels chose {now.Active?.Name ?? "another node"}");
        }
        catch (SwitchRefusedException refused) when (hasAsked)
        {
            return new(plan, SwitchOutcome.Unknown, Now(), refused.Message);
        }
        finally
        {
            // Not by the caller's token: what was changed is put back, above all if he was cancelled.
            using CancellationTokenSource limit = new(ToTidy, Time);
            if (hasAsked && Now() != plan.From)
            {
                await DemoteAsync(connections, limit.Token).ConfigureAwait(false);
            }
            else if (isHolding)
            {
                await GoOnAsync(connections.Master, hasAsked, isAnothers, limit.Token).ConfigureAwait(false);
            }

            await priorities.RestoreAsync(limit.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Has nobody write any more, and waits until the replica has all that was written.</summary>
    private async Task HoldAsync(FailoverMember target, SwitchConnections connections, CancellationToken cancellationToken)
    {
        TimeSpan limit = set.Options.HoldLimit;
        made().Hint(new Hint(HintKind.Hold, "switch") { HoldFor = limit });

        // What this app has sent is answered first: a write that a pause keeps would be of unknown outcome.
        await UntilAsync("the commands that were sent to be answered", limit, () => new(set.Masters.State.Links == 0), cancellationToken).ConfigureAwait(false);
        await TryAsync(() => connections.Target.Connection.AskAsync(cancellationToken, "CLIENT", "UNPAUSE")).ConfigureAwait(false);
        await DoAsync("CLIENT PAUSE", async () => await PauseAsync(connections.Master, PauseLimit, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        await UntilAsync($"{target.Name} to have everything", limit, () => HasAllAsync(connections, cancellationToken), cancellationToken).ConfigureAwait(false);

        // The wait may have used up the pause: what the master takes from now on would be lost.
        await DoAsync("CLIENT PAUSE", async () => await PauseAsync(connections.Master, PauseLimit, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        await UntilAsync($"{target.Name} to have everything", limit, () => HasAllAsync(connections, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// A former master takes writes of other clients until a sentinel makes it a replica, up to 10 seconds later, and all of them would be lost: so it is made one now, as the sentinels would. If it cannot be, it takes no writes for that time.
    /// </summary>
    private async Task DemoteAsync(SwitchConnections connections, CancellationToken cancellationToken)
    {
        try
        {
            RespValue next = await connections.Sentinel.AskAsync(cancellationToken, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", set.ServiceName).ConfigureAwait(false);
            if (next.Items is [{ Text: { } host }, { Text: { } port }])
            {
                await connections.Master.AskAsync(cancellationToken, "REPLICAOF", host, port).ConfigureAwait(false);
                await connections.Master.AskAsync(cancellationToken, "CLIENT", "UNPAUSE").ConfigureAwait(false);
                return;
            }
        }
        catch (Exception fault) when (RespFaults.IsFault(fault))
        {
            // It may not be told, or is gone.
        }

        await TryAsync(() => PauseAsync(connections.Master, FencedFor, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Nothing came of it: commands go on, and the master takes writes again. Where a failover was asked for it may yet come, and that of somebody else comes: then the pause, which may be his, ends by itself.</summary>
    private async Task GoOnAsync(RespConnection master, bool hasAsked, bool isAnothers, CancellationToken cancellationToken)
    {
        if (!hasAsked)
        {
            if (!isAnothers)
            {
                await TryAsync(() => master.AskAsync(cancellationToken, "CLIENT", "UNPAUSE")).ConfigureAwait(false);
            }

            made().Hint(new Hint(HintKind.Hold, "switch") { HoldFor = TimeSpan.Zero });
        }
    }

    private static async Task TryAsync(Func<ValueTask<RespValue>> ask)
    {
        try
        {
            await ask().ConfigureAwait(false);
        }
        catch (Exception fault) when (RespFaults.IsFault(fault))
        {
            // Then the pause ends by itself.
        }
    }

    private static ValueTask<RespValue> PauseAsync(RespConnection master, TimeSpan time, CancellationToken cancellationToken) =>
        master.AskAsync(cancellationToken, "CLIENT", "PAUSE", ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture), "WRITE");

    private static async ValueTask<bool> HasAllAsync(SwitchConnections connections, CancellationToken cancellationToken)
    {
        // The master first: what the replica says then counts for it.
        RespValue master = await connections.Master.AskAsync(cancellationToken, "INFO", "replication").ConfigureAwait(false);
        RespValue target = await connections.Target.Connection.AskAsync(cancellationToken, "INFO", "replication").ConfigureAwait(false);
        return NodeAnswer.Read(master.Text) is { IsMaster: true } wrote
            && NodeAnswer.Read(target.Text) is { IsMaster: false, IsLinkUp: true } has
            && has.Log == wrote.Log
            && has.Offset >= wrote.Offset;
    }

    /// <summary>Whether a sentinel would choose the target: it has the lowest priority of all that it may choose.</summary>
    private async ValueTask<bool> IsPreferredAsync(FailoverMember target, RespConnection sentinel, CancellationToken cancellationToken)
    {
        RespValue replicas = await sentinel.AskAsync(cancellationToken, "SENTINEL", "REPLICAS", set.ServiceName).ConfigureAwait(false);
        int? its = null;
        int least = int.MaxValue;
        foreach (RespValue replica in replicas.Items)
        {
            if (!int.TryParse(ListedField(replica, "slave-priority"), NumberStyles.None, CultureInfo.InvariantCulture, out int priority) || priority == 0)
            {
                continue;
            }

            if (HostAndPort.TryMake(ListedField(replica, "ip"), ListedField(replica, "port"), out HostAndPort announced) && set.Reached(announced).Member.Equals(target))
            {
                its = priority;
            }
            else if (ListedField(replica, "flags") == "slave")
            {
                least = Math.Min(least, priority);
            }
        }

        return its < least;
    }

    /// <summary>Returns a field of a list that gives names and values in turn; null if it is not there.</summary>
    private static string? ListedField(RespValue list, string field)
    {
        for (int i = 0; i + 1 < list.Items.Length; i += 2)
        {
            if (string.Equals(list.Items[i].Text, field, StringComparison.Ordinal))
            {
                return list.Items[i + 1].Text;
            }
        }

        return null;
    }

    private static async Task DoAsync(string what, Func<Task> act)
    {
        try
        {
            await act().ConfigureAwait(false);
        }
        catch (RespErrorException refused)
        {
            throw new SwitchRefusedException($"{what}: {refused.Message}") { Kind = refused.Kind };
        }
        catch (Exception fault) when (fault is not OperationCanceledException && RespFaults.IsFault(fault))
        {
            throw new SwitchRefusedException($"{what}: {RespFaults.EvidenceOf(fault)}");
        }
    }

    private async Task UntilAsync(string what, TimeSpan limit, Func<ValueTask<bool>> isSo, CancellationToken cancellationToken)
    {
        long began = Time.GetTimestamp();
        bool done = false;
        while (!done)
        {
            await DoAsync($"waiting for {what}", async () => done = await isSo().ConfigureAwait(false)).ConfigureAwait(false);
            if (!done)
            {
                if (Time.GetElapsedTime(began) >= limit)
                {
                    throw new SwitchRefusedException($"waited {limit.TotalSeconds:0.#} s for {what}");
                }

                await Task.Delay(Look, Time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
