using System.Globalization;
using Failover.Redis.Probing;
using Failover.Redis.Resp;
using Failover.Redis.Sentinel;
using Failover.Redis.Sets;

namespace Failover.Redis.Switching;

/// <summary>
/// Has the sentinels make a replica the master, without the loss of a write of whatever client: commands are held, the master is told to take no writes, the replica is waited for until it has everything, and then the failover begins.
/// </summary>
/// <remarks>
/// Redis's own <c>FAILOVER TO</c> does the same between two nodes. Under Sentinel it is undone: the sentinels have not decided it, take the new master for a replica that has gone astray, and make it one again.
/// </remarks>
internal sealed class RedisSwitcher(RedisSet set, Func<FailoverGroup> made) : ISwitcher
{
    /// <summary>A sentinel looks each 10 seconds at what priority a replica has: <c>info-period</c>.</summary>
    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(13);

    private static readonly TimeSpan NamedWithin = TimeSpan.FromSeconds(10);

    /// <summary>In so long the sentinels make a replica of a former master themselves.</summary>
    private static readonly TimeSpan DemotedWithin = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ToTidy = TimeSpan.FromSeconds(8);

    private TimeProvider Time => set.Parts.Time;

    private TimeSpan DownAfter => set.Book.View.DownAfter ?? TimeSpan.FromSeconds(2);

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

        SwitchServers? servers = null;
        try
        {
            servers = await SwitchServers.FindAsync(set, master, plan.Target, made().Snapshot.Members.Select(static member => member.Member), cancellationToken).ConfigureAwait(false);
            return await ApplyAsync(plan, servers, cancellationToken).ConfigureAwait(false);
        }
        catch (SwitchRefusedException refused)
        {
            return new(plan, SwitchOutcome.Failed, Now(), refused.Message);
        }
        finally
        {
            if (servers is not null)
            {
                await servers.DisposeAsync().ConfigureAwait(false);
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

    private async Task<SwitchReceipt> ApplyAsync(SwitchPlan plan, SwitchServers servers, CancellationToken cancellationToken)
    {
        SwitchLock one = new();
        ReplicaPriorities priorities = new(set.Logger);
        WritePause pause = new(servers.Master, DownAfter, Time);
        bool isHolding = false;
        bool hasAsked = false;
        try
        {
            await one.TakeAsync(servers.Master, cancellationToken).ConfigureAwait(false);
            await priorities.PreferAsync(servers, cancellationToken).ConfigureAwait(false);
            await WhileFitAsync(plan.Target, $"the sentinels to prefer {plan.Target.Name}", SeenWithin, () => IsPreferredAsync(plan.Target, servers.Sentinel, cancellationToken), cancellationToken).ConfigureAwait(false);
            isHolding = true;
            await HoldAsync(plan.Target, servers, pause, cancellationToken).ConfigureAwait(false);
            hasAsked = true;
            await BeginAsync(servers.Sentinel, cancellationToken).ConfigureAwait(false);
            await UntilNamedAsync(plan, pause, NamedWithin, cancellationToken).ConfigureAwait(false);
            SwitchReading now = Now();
            return plan.Target.Equals(now.Active)
                ? new(plan, SwitchOutcome.Applied, now, null)
                : new(plan, SwitchOutcome.Conflict, now, $"the sentinels chose {now.Active?.Name ?? "another node"}");
        }
        catch (SwitchRefusedException refused) when (refused is { Kind: not null } && hasAsked)
        {
            // The sentinel says no: nothing has begun, but for what somebody else has asked for. Then commands are to wait for that.
            (hasAsked, isHolding) = (false, refused.Kind != "INPROG");
            throw;
        }
        catch (SwitchRefusedException refused) when (hasAsked)
        {
            return new(plan, SwitchOutcome.Unknown, Now(), refused.Message);
        }
        finally
        {
            // Not by the caller's token: what was changed is put back, above all if he was cancelled.
            using CancellationTokenSource tidy = new(ToTidy, Time);
            bool isLeft = hasAsked && await IsLeftAsync(plan, pause, tidy.Token).ConfigureAwait(false);
            await (isLeft ? DemoteAsync(servers, pause, tidy.Token) : GoOnAsync(pause, isHolding, tidy.Token)).ConfigureAwait(false);
            SwitchServer next = servers.At(Now().Active);
            await priorities.RestoreAsync(next, isWritten: hasAsked, tidy.Token).ConfigureAwait(false);
            await one.GiveBackAsync(next, tidy.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Has nobody write any more, and waits until the replica has all that was written.</summary>
    private async Task HoldAsync(FailoverMember target, SwitchServers servers, WritePause pause, CancellationToken cancellationToken)
    {
        TimeSpan hold = set.Options.HoldLimit;
        Hold(hold);

        // What this app has sent is answered first: a write that a pause keeps would be of unknown outcome.
        await WhileFitAsync(target, "the commands that were sent to be answered", hold, () => new(set.Masters.State.Links == 0), cancellationToken).ConfigureAwait(false);
        TimeSpan patience = DownAfter / 2;
        await WhileFitAsync(
            target,
            $"{target.Name} to have everything",
            patience < hold ? patience : hold,
            async () =>
            {
                await pause.KeepAsync(cancellationToken).ConfigureAwait(false);
                return await HasAllAsync(servers, cancellationToken).ConfigureAwait(false) && pause.IsFresh;
            },
            cancellationToken).ConfigureAwait(false);

        // The failover takes its own time.
        Hold(hold);
    }

    private void Hold(TimeSpan length) => made().Hint(new Hint(HintKind.Hold, "switch") { HoldFor = length });

    private async Task BeginAsync(SwitchServer sentinel, CancellationToken cancellationToken) =>
        await sentinel.AskOnceAsync(cancellationToken, "SENTINEL", "FAILOVER", set.ServiceName).ConfigureAwait(false);

    private Task UntilNamedAsync(SwitchPlan plan, WritePause pause, TimeSpan limit, CancellationToken cancellationToken) => UntilAsync(
        "most of the sentinels to name another master",
        limit,
        async () =>
        {
            await pause.TryKeepAsync(cancellationToken).ConfigureAwait(false);
            return Now() != plan.From;
        },
        cancellationToken);

    /// <summary>Whether the master was left. Who was cancelled after he had asked does not know yet.</summary>
    private async Task<bool> IsLeftAsync(SwitchPlan plan, WritePause pause, CancellationToken cancellationToken)
    {
        try
        {
            await UntilNamedAsync(plan, pause, ToTidy / 2, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SwitchRefusedException or OperationCanceledException)
        {
            // It was not, as far as is known.
        }

        return Now() != plan.From;
    }

    /// <summary>
    /// A former master takes writes of other clients until a sentinel makes it a replica, up to 10 seconds later, and all of them would be lost: so it is made one now, as the sentinels would. If it cannot be, it takes no writes for that time.
    /// </summary>
    private async Task DemoteAsync(SwitchServers servers, WritePause pause, CancellationToken cancellationToken)
    {
        try
        {
            RespValue next = await servers.Sentinel.AskAsync(cancellationToken, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", set.ServiceName).ConfigureAwait(false);
            if (next.Items is [{ Text: { } host }, { Text: { } port }] && HostAndPort.TryMake(host, port, out HostAndPort announced) && set.Reached(announced) != servers.Master.Address)
            {
                await servers.Master.AskAsync(cancellationToken, "REPLICAOF", host, port).ConfigureAwait(false);
                await pause.EndAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
        }
        catch (Exception exception) when (exception is SwitchRefusedException or OperationCanceledException)
        {
            // It may not be told, or is gone.
        }

        await pause.LeaveAsync(DemotedWithin, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Nothing came of it: commands go on, and the master takes writes again.</summary>
    private async Task GoOnAsync(WritePause pause, bool isHolding, CancellationToken cancellationToken)
    {
        await pause.EndAsync(cancellationToken).ConfigureAwait(false);
        if (isHolding)
        {
            Hold(TimeSpan.Zero);
        }
    }

    private static async Task<bool> HasAllAsync(SwitchServers servers, CancellationToken cancellationToken)
    {
        // The master first: what the replica says then counts for it.
        RespValue master = await servers.Master.AskAsync(cancellationToken, "INFO", "replication").ConfigureAwait(false);
        RespValue target = await servers.Target.AskAsync(cancellationToken, "INFO", "replication").ConfigureAwait(false);
        return NodeAnswer.Read(master.Text) is { IsMaster: true } wrote
            && NodeAnswer.Read(target.Text) is { IsMaster: false, IsLinkUp: true } has
            && has.Log == wrote.Log
            && has.Offset >= wrote.Offset;
    }

    /// <summary>Whether a sentinel would choose the target: it has the lowest priority of all that it may choose.</summary>
    private async ValueTask<bool> IsPreferredAsync(FailoverMember target, SwitchServer sentinel, CancellationToken cancellationToken)
    {
        RespValue replicas = await sentinel.AskAsync(cancellationToken, "SENTINEL", "REPLICAS", set.ServiceName).ConfigureAwait(false);
        int? its = null;
        int least = int.MaxValue;
        foreach (RespValue listed in replicas.Items)
        {
            if (SentinelWord.FieldsOf(listed) is not { } replica || !int.TryParse(replica.GetValueOrDefault("slave-priority"), NumberStyles.None, CultureInfo.InvariantCulture, out int priority) || priority == 0)
            {
                continue;
            }

            if (HostAndPort.TryMake(replica.GetValueOrDefault("ip"), replica.GetValueOrDefault("port"), out HostAndPort announced) && set.Reached(announced).Member.Equals(target))
            {
                its = priority;
            }
            else if (replica.GetValueOrDefault("flags") == "slave")
            {
                least = Math.Min(least, priority);
            }
        }

        return its < least;
    }

    /// <summary>Waits for a replica as long as the group takes it for fit: one that was given up, or has left, is waited for in vain.</summary>
    private Task WhileFitAsync(FailoverMember target, string what, TimeSpan limit, Func<ValueTask<bool>> isSo, CancellationToken cancellationToken) => UntilAsync(
        what,
        limit,
        () => made().Snapshot.Members.FirstOrDefault(member => member.Member.Equals(target)) switch
        {
            null => throw new SwitchRefusedException($"{target.Name} has left the group"),
            { Verdict: Verdict.Unhealthy, Evidence: var evidence } => throw new SwitchRefusedException($"{target.Name} was given up ({evidence})"),
            _ => isSo(),
        },
        cancellationToken);

    private async Task UntilAsync(string what, TimeSpan limit, Func<ValueTask<bool>> isSo, CancellationToken cancellationToken)
    {
        long began = Time.GetTimestamp();
        while (!await isSo().ConfigureAwait(false))
        {
            if (Time.GetElapsedTime(began) >= limit)
            {
                throw new SwitchRefusedException($"waited {limit.TotalSeconds:0.#} s for {what}");
            }

            await Task.Delay(Look, Time, cancellationToken).ConfigureAwait(false);
        }
    }
}
