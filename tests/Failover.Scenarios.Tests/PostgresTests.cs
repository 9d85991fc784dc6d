using System.Text.Json;
using Failover.Scenarios.Postgres;
using Failover.Scenarios.Postgres.Clients;
using Failover.Scenarios.Postgres.Faults;
using Failover.TestServers;

namespace Failover.Scenarios.Tests;

/// <summary>That the PostgreSQL scenario still runs, on a real cluster. Times are not judged here, where other tests share the processors.</summary>
public sealed class PostgresTests
{
    [ServerFact("patroni", "etcd", "postgres", "setpriv", "haproxy")]
    public async Task After_a_crash_each_of_our_clients_follows_and_loses_nothing_that_the_new_primary_could_have()
    {
        await using Stage stage = await Stage.StartAsync();

        IReadOnlyList<PostgresRow> rows = await new Crash().RunAsync(stage, [.. ClusterClientKind.All.Where(client => client.IsOurs)], number: 1, isShort: true);

        Assert.Equal(["failover", "failover-raw"], rows.Select(row => row.Client));
        Assert.All(rows, row => Assert.True(row is { FollowMs: not null, DetectMs: not null, Failed: > 0, Lost: 0, Doubled: 0, Stale: 0, Details: { Switchovers: 1, FailedButWritten: 0, SuspicionMs: not null, SteadyMs: > 0 } }, $"{row}"));
        Assert.All(new Crash().Bars(rows).Where(bar => !bar.NeedsFullRun), bar => Assert.True(bar.IsKept, bar.Text));
    }

    [Fact]
    public void The_rows_have_the_names_that_were_agreed()
    {
        string json = JsonSerializer.Serialize([Row("failover", 1, 10)], PostgresRowJson.Default.IReadOnlyListPostgresRow);

        string[] names = [.. JsonDocument.Parse(json).RootElement.EnumerateArray().Single().EnumerateObject().Select(p => p.Name)];
        Assert.Equal(["scenario", "fault", "client", "run", "detectMs", "followMs", "failed", "slowestMs", "lost", "asyncLost", "doubled", "stale"], names);
    }

    [Theory]
    [InlineData(15.0, 20.0, true)]
    [InlineData(15.0, 26.0, false)]
    [InlineData(15.0, null, false)]
    public void Ours_must_follow_within_10_ms_of_the_peer_that_looks_each_time_in_the_median_of_the_same_runs(double peers, double? ours, bool isKept)
    {
        PostgresRow[] rows = [Row("failover", 1, ours), Row("failover", 2, ours), Row("failover", 3, 1), Row("npgsql-recheck0", 1, peers), Row("npgsql-recheck0", 2, peers), Row("npgsql-recheck0", 3, 200)];

        Assert.Equal(isKept, new Crash().Bars(rows).Single(bar => bar.Text.Contains("looks each time", StringComparison.Ordinal)).IsKept);
    }

    [Fact]
    public void One_late_run_one_25006_and_one_row_of_an_old_primary_miss_their_bars_and_a_peers_do_not()
    {
        PostgresRow[] peers = [Row("npgsql", 1, null) with { Stale = 4, Details = new() { ReadOnlyErrors = 3 } }];
        PostgresRow[] ours = [Row("failover", 1, 10), Row("failover", 2, 251) with { Stale = 1, Details = new() { ReadOnlyErrors = 1 } }];

        Assert.Empty(new PlannedSwitchover().Bars(peers));
        Assert.Equal(
            ["failover: always follows within 250 ms (was 251 ms)", "failover: no 25006 reaches the caller (was 1)", "failover: 0 acknowledged by an old primary (was 1)"],
            new PlannedSwitchover().Bars(ours).Where(bar => !bar.IsKept).Select(bar => bar.Text));
    }

    [Theory]
    [InlineData("--fault", "earthquake")]
    [InlineData("--client", "pgbouncer")]
    [InlineData("--runs", "0")]
    [InlineData("--runs", null)]
    [InlineData("--loud", null)]
    public void What_is_not_known_is_refused(string option, string? value) =>
        Assert.Throws<ArgumentException>(() => PostgresOptions.Parse(value is null ? [option] : [option, value]));

    [Fact]
    public void Each_fault_happens_five_times_with_all_clients_unless_told_otherwise()
    {
        PostgresOptions all = PostgresOptions.Parse([]);
        PostgresOptions some = PostgresOptions.Parse(["--fault", "freeze,hog", "--client", "failover", "--runs", "3"]);

        Assert.Equal(
            ["crash 5", "freeze 5", "switchover 5", "hog 1", "waiters 5"],
            all.Faults.Select(fault => $"{fault.Name} {fault.Runs(all.Runs)}"));
        Assert.Equal(["failover", "failover-raw", "npgsql", "npgsql-recheck1", "npgsql-recheck0", "haproxy"], all.Clients.Select(client => client.Name));
        Assert.Equal(["freeze 3", "hog 1"], some.Faults.Select(fault => $"{fault.Name} {fault.Runs(some.Runs)}"));
        Assert.Equal(1, PostgresOptions.Parse(["--short"]).Runs);
    }

    private static PostgresRow Row(string client, int run, double? follow) => new()
    {
        Fault = "crash",
        Client = client,
        Run = run,
        DetectMs = 1,
        FollowMs = follow,
        Failed = 1,
        SlowestMs = 1,
        Lost = 0,
        AsyncLost = 0,
        Doubled = 0,
        Stale = 0,
        Details = new() { SteadyMs = 1 },
    };
}
