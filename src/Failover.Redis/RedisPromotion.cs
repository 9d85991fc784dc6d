namespace Failover.Redis;

/// <summary>From when on a node that was promoted takes the writes.</summary>
public enum RedisPromotion
{
    /// <summary>When most of the sentinels name it, and it says itself that it is master: what it acknowledges from then on outlives the sentinel that promoted it. In a planned failover writes wait about a second.</summary>
    Majority,

    /// <summary>
    /// As soon as it says itself that it is master, after the sentinel that leads the failover has said whom it promotes. Writes wait a fifth of that. The risk: if that sentinel dies before the others have heard of it, they make the node a replica
    /// again, and what it acknowledged until then is lost.
    /// </summary>
    Fast,
}
