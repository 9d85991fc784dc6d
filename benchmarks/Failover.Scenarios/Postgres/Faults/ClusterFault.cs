using Failover.Scenarios.Faults;
using Failover.Scenarios.Postgres.Clients;

namespace Failover.Scenarios.Postgres.Faults;

/// <summary>Something that happens to a cluster, and what our own clients promise then.</summary>
internal abstract class ClusterFault
{
    /// <summary>What can be asked for by name; all of it runs when none is named.</summary>
    internal static readonly IReadOnlyList<ClusterFault> All = [new Crash(), new FrozenPrimary(), new PlannedSwitchover(), new BusyMachine(), new Waiters()];

    internal abstract string Name { get; }

    /// <summary>How often it happens, of so many times asked for.</summary>
    internal virtual int Runs(int asked) => asked;

    /// <summary>Lets clients write into a healthy cluster, and lets it happen.</summary>
    internal abstract Task<IReadOnlyList<PostgresRow>> RunAsync(Stage stage, IReadOnlyList<ClusterClientKind> clients, int number, bool isShort);

    /// <summary>What must hold of all runs of it.</summary>
    internal abstract IEnumerable<Bar> Bars(IReadOnlyList<PostgresRow> rows);

    /// <summary>What holds for every row of ours, whatever happens.</summary>
    protected static IEnumerable<Bar> Truthful(string client, IReadOnlyList<PostgresRow> ours)
    {
        int lost = ours.Sum(static row => row.Lost), doubled = ours.Sum(static row => row.Doubled), stale = ours.Sum(static row => row.Stale), untrue = ours.Sum(static row => row.Details.FailedButWritten);
        yield return new($"{client}: 0 lost, 0 doubled, 0 said to be not written and there (was {lost}, {doubled}, {untrue})", lost + doubled + untrue == 0);
        yield return new($"{client}: 0 acknowledged by an old primary (was {stale})", stale == 0);
    }

    /// <summary>The rows of each of our own clients.</summary>
    protected static IEnumerable<(string Client, IReadOnlyList<PostgresRow> Rows)> Ours(IReadOnlyList<PostgresRow> rows) =>
        rows.Where(static row => ClusterClientKind.IsOneOfOurs(row.Client)).GroupBy(static row => row.Client).Select(static group => (group.Key, (IReadOnlyList<PostgresRow>)[.. group]));
}
