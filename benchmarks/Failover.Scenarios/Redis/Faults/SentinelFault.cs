using Failover.Scenarios.Faults;
using Failover.Scenarios.Redis.Clients;

namespace Failover.Scenarios.Redis.Faults;

/// <summary>Something that happens to a set, and what our own clients promise then.</summary>
internal abstract class SentinelFault
{
    /// <summary>What can be asked for by name; all of it runs when none is named.</summary>
    internal static readonly IReadOnlyList<SentinelFault> All = [new PlannedFailover(), new FrozenMaster(), new KilledMaster(), new KilledLeader(), new TwoSentinelsDown(), new BusyMachine()];

    internal abstract string Name { get; }

    /// <summary>How often it happens, of so many times asked for.</summary>
    internal virtual int Runs(int asked) => asked;

    /// <summary>Lets clients write into a healthy set, and lets it happen.</summary>
    internal abstract Task<IReadOnlyList<RedisRow>> RunAsync(RedisStage stage, IReadOnlyList<RedisClientKind> clients, int number, bool isShort);

    /// <summary>What must hold of all runs of it.</summary>
    internal IEnumerable<Bar> Bars(IReadOnlyList<RedisRow> rows) =>
        rows.Where(static row => RedisClientKind.IsOneOfOurs(row.Client)).GroupBy(static row => row.Client).SelectMany(group => BarsOf(group.Key, [.. group]).Concat(Truthful(group.Key, [.. group])));

    /// <summary>How long clients write before it happens.</summary>
    protected static Task SettleAsync(bool isShort) => Task.Delay(TimeSpan.FromSeconds(isShort ? 1 : 3));

    /// <summary>What must hold of all runs of one of ours.</summary>
    protected abstract IEnumerable<Bar> BarsOf(string client, IReadOnlyList<RedisRow> ours);

    /// <summary>What a client can save was saved.</summary>
    protected static Bar NothingLost(string client, IReadOnlyList<RedisRow> ours)
    {
        int lost = ours.Sum(static row => row.Lost), stale = ours.Sum(static row => row.Stale);
        return new($"{client}: 0 lost (was {lost}, of them {stale} that went to an old master; {ours.Sum(static row => row.AsyncLost)} by replication)", lost == 0);
    }

    /// <summary>Whether the group stayed where it was, and every write was made.</summary>
    protected static IEnumerable<Bar> NothingMoves(string client, IReadOnlyList<RedisRow> ours)
    {
        int? moves = ours.Sum(static row => row.Details.Switchovers);
        yield return new($"{client}: 0 switchovers (was {moves}; the set itself moved {ours.Max(static row => row.Details.Promotions)} times, most in a run)", moves == 0);
        int failed = ours.Sum(static row => row.Failed), unknown = ours.Sum(static row => row.Unknown);
        yield return new($"{client}: 0 writes failed (was {failed}, and {unknown} unknown; the longest gap {Most(ours, static row => row.GapMs):N0} ms)", failed + unknown == 0);
    }

    protected static double Most(IReadOnlyList<RedisRow> rows, Func<RedisRow, double?> value) => rows.Max(row => value(row) ?? double.PositiveInfinity);

    /// <summary>What holds for every row of ours, whatever happens.</summary>
    private static IEnumerable<Bar> Truthful(string client, IReadOnlyList<RedisRow> ours)
    {
        int doubled = ours.Sum(static row => row.Details.Doubled), untrue = ours.Sum(static row => row.Details.FailedButWritten);
        yield return new($"{client}: 0 doubled, 0 said to be not written and there (was {doubled}, {untrue})", doubled + untrue == 0);
    }
}
