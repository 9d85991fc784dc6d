using System.Diagnostics;
using System.Text.Json;
using Failover.Scenarios.Attempts;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Http;
using Failover.Scenarios.Load;
using Failover.Scenarios.Reports;
using Failover.Scenarios.Servers;

namespace Failover.Scenarios.Tests;

public sealed class RowTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Requests_count_if_they_were_due_while_the_fault_held()
    {
        Row row = RowOf.Run(Run(FaultRun.DeadFrom(At(5), At(17)), Call(4, 4.1, failure: "before"), Call(5, 5.1), Call(16.9, 17.6), Call(17, 17.1, failure: "after")));

        Assert.Equal((2, 0, 2, 1), (row.Requests, row.Failed, row.FailedOutside, row.Slow));
        Assert.Equal((100, 700, 700), (row.P50Ms, row.P99Ms, row.MaxMs));
    }

    [Fact]
    public void Back_is_the_first_answer_of_the_primary_after_the_fault()
    {
        FaultRun fault = FaultRun.DeadFrom(At(5), At(17));

        Assert.Equal(500, RowOf.Run(Run(fault, Call(17.1, 17.2, server: "secondary"), Call(17.4, 17.5), Call(18, 18.1))).BackMs);
        Assert.Null(RowOf.Run(Run(fault, Call(17.1, 17.2, server: "secondary"))).BackMs);
    }

    [Fact]
    public void An_order_that_both_servers_carried_out_is_doubled()
    {
        File.WriteAllLines(_path, ["1 executed 7"]);

        Assert.Equal(1, RowOf.Run(Run(FaultRun.DeadFrom(0, 1))).Doubled);
    }

    [Fact]
    public void The_json_is_an_array_of_flat_rows_with_the_names_that_were_agreed()
    {
        string json = JsonSerializer.Serialize([RowOf.Run(Run(FaultRun.DeadFrom(At(5), At(17)), Call(5, 5.1)))], RowJson.Default.IReadOnlyListRow);

        string[] names = [.. JsonDocument.Parse(json).RootElement.EnumerateArray().Single().EnumerateObject().Select(p => p.Name)];
        Assert.Equal(
            ["scenario", "fault", "rate", "client", "requests", "failed", "slow", "p50Ms", "p99Ms", "deadHits", "deadHitsLast5s", "doubled", "unknown", "backMs"],
            names.Take(14));
    }

    [Theory]
    [InlineData("kill", 0)]
    [InlineData("post", 1)]
    public void Unknown_are_orders_that_failed_so_that_their_client_cannot_know(string fault, int unknown)
    {
        HttpRun run = Run(FaultRun.DeadFrom(At(0), At(17)), Call(5, 5.1, failure: "status 503"), Call(5, 5.1, failure: "TaskCanceledException") with { IsUnknown = true });

        Row row = RowOf.Run(run with { Kind = AllFaults.All.Single(f => f.Name == fault) });

        Assert.Equal((2, unknown), (row.Failed, row.Unknown));
    }

    [Fact]
    public void Hits_on_the_dead_member_are_those_while_it_was_dead_probes_apart_and_the_last_five_seconds_are_counted_beside()
    {
        long now = Stopwatch.GetTimestamp();
        HttpRun run = Run(FaultRun.DeadFrom(now - At(12), now + At(60)));
        run.Log.Add(run.Primary.Port, isProbe: false);
        run.Log.Add(run.Primary.Port, isProbe: true);
        run.Log.Add(run.Primary.Port + 1, isProbe: false);

        Row row = RowOf.Run(run);
        Row atTheEnd = RowOf.Run(run with { Fault = FaultRun.DeadFrom(now - At(12), now + At(1)) });
        Row before = RowOf.Run(run with { Fault = FaultRun.DeadFrom(now + At(60), now + At(72)) });

        Assert.Equal((1, 0, 1), (row.DeadHits, row.DeadHitsLast5s, row.Probes));
        Assert.Equal((1, 1), (atTheEnd.DeadHits, atTheEnd.DeadHitsLast5s));
        Assert.Equal((0, 0, 0), (before.DeadHits, before.DeadHitsLast5s, before.Probes));
    }

    private static long At(double seconds) => (long)(seconds * Stopwatch.Frequency);

    private static Call Call(double due, double ended, string server = "primary", string? failure = null) =>
        new("1", At(due), At(ended), failure is null ? server : null, failure, IsUnknown: false);

    private HttpRun Run(FaultRun fault, params Call[] calls) => new()
    {
        Kind = new Kill(),
        Rate = 100,
        Client = "failover",
        Primary = new Uri("http://127.0.0.1:1/"),
        Fault = fault,
        Calls = calls,
        Log = new AttemptLog(),
        PrimaryJournal = new JournalReading(_path),
        SecondaryJournal = new JournalReading(_path),
        Switchovers = 1,
        Refused = 0,
    };
}
