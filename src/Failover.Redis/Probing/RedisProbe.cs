using Failover.Redis.Resp;

namespace Failover.Redis.Probing;

/// <summary>Asks each node what it is: its role by its own word, and how far it is behind. Whether a master is the master is not the node's to say.</summary>
/// <param name="nodes">The nodes.</param>
/// <param name="judge">What the sentinels make of a member that does, or does not, say that it is a master.</param>
/// <param name="lag">Tells how far replicas are behind.</param>
/// <param name="time">The clock.</param>
internal sealed class RedisProbe(RedisNodes nodes, Func<FailoverMember, bool, (MemberRole Role, Epoch? Epoch)> judge, ReplicaLag lag, TimeProvider time) : IMemberProbe
{
    private readonly long _origin = time.GetTimestamp();

    public async ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken)
    {
        RedisNode node = nodes.Of(member);
        try
        {
            (NodeAnswer? answer, Refusal? refused) = await node.AskAsync(cancellationToken).ConfigureAwait(false);
            return answer is not null ? Told(node, answer)
                : ProbeResult.Failure(refused is { } why ? $"Redis refuses the probe: {why.Say()}" : "its answer is none of Redis");
        }
        catch (RespErrorException refused)
        {
            return ProbeResult.Failure($"Redis refuses the connection: {(refused.Kind == "ERR" ? Refusal.Credentials : Refusals.Of(refused.Kind)).Say()}");
        }
        catch (Exception fault) when (RespFaults.IsFault(fault) && !cancellationToken.IsCancellationRequested)
        {
            return ProbeResult.Failure(RespFaults.EvidenceOf(fault));
        }
    }

    private ProbeResult Told(RedisNode node, NodeAnswer answer)
    {
        TimeSpan now = time.GetElapsedTime(_origin);
        (MemberRole role, Epoch? epoch) = judge(node.Member, answer.IsMaster);
        if (!answer.IsMaster)
        {
            // One that cannot be read lives all the same, and may be the next master.
            TimeSpan? behind = lag.Replica(node, answer, now);
            string? whyNot = answer.Refuses?.Say() ?? (answer.IsCopying ? "it copies all data of its master" : behind is null ? "how far it is behind is not known" : null);
            return ProbeResult.Success(role, epoch) with { Lag = answer.IsCopying || answer.Refuses is not null ? null : behind, Evidence = whyNot };
        }

        if (answer.Refuses is { } refusal and not Refusal.CannotSave)
        {
            // Callers would get the same word: better they wait.
            return ProbeResult.Failure($"Redis refuses commands: {refusal.Say()}");
        }

        if (role == MemberRole.Primary && epoch is { } proven)
        {
            lag.Master(node, answer, proven, now);
        }

        return ProbeResult.Success(role, epoch) with
        {
            Evidence = role != MemberRole.Primary ? "it says that it is a master, and most of the sentinels do not name it" : answer.Refuses?.Say(),
        };
    }
}
