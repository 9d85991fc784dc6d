namespace Failover.TestServers.Writes;

/// <summary>What became of the rows that a client was given, compared with what the surviving primary has. A missing row counts once: as lost, as lost by asynchronous replication, or as stale.</summary>
/// <param name="Acknowledged">How many rows the client said it wrote.</param>
/// <param name="Failed">How many it said it did not.</param>
/// <param name="Unknown">How many it did not know of.</param>
/// <param name="Lost">Rows acknowledged and missing, although the primary has later ones of the same timeline, or no timeline followed: nobody should lose these.</param>
/// <param name="AsyncLost">Rows acknowledged and missing that were the last of a timeline: the standby did not have them when it was promoted.</param>
/// <param name="Stale">Rows acknowledged by a timeline after a later one had begun to take writes: the client followed the old primary.</param>
/// <param name="Doubled">Rows that are there more than once.</param>
/// <param name="FailedButWritten">Rows that are there although the client said that they were not written.</param>
public sealed record WriteReport(int Acknowledged, int Failed, int Unknown, IReadOnlyList<RowAttempt> Lost, IReadOnlyList<RowAttempt> AsyncLost, IReadOnlyList<RowAttempt> Stale, IReadOnlyList<long> Doubled, IReadOnlyList<RowAttempt> FailedButWritten)
{
    /// <summary>Says all of it in one line, for the message of a test that fails.</summary>
    public override string ToString() =>
        $"acknowledged {Acknowledged}, failed {Failed}, unknown {Unknown}, lost {Lost.Count}, lost by asynchronous replication {AsyncLost.Count}, stale {Stale.Count}, doubled {Doubled.Count}, failed but written {FailedButWritten.Count}";
}
