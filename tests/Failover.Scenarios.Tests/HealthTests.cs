using System.Text.Json;
using Failover.Scenarios.Health;
using Failover.Scenarios.Health.Cases;
using Failover.Scenarios.Health.Nodes;

namespace Failover.Scenarios.Tests;

/// <summary>That the cases of the health scenario still run, on real processes, and tell ours from the peers. Times are not judged here, where other tests share the processors.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task An_answer_of_each_endpoint_has_its_processor_time_beside_that_of_MapGet()
    {
        IReadOnlyList<HealthRow> rows = await new Answer().RunAsync(isShort: true);

        Assert.Equal(NodeKinds.All, rows.Select(row => row.Client));
        Assert.All(rows, row => Assert.True(row is { CpuMicros: > 0, Rps: > 0 } && row.RatioLow <= row.Ratio && row.Ratio <= row.RatioHigh, $"{row}"));
        Assert.Equal((1, 1, 1), (rows[1].Ratio, rows[1].RatioLow, rows[1].RatioHigh));
    }

    [Fact]
    public async Task However_many_ask_our_check_runs_once_at_a_time_and_a_peers_once_for_each()
    {
        Dictionary<string, HealthRow> rows = Of(await new TwoHundredConnections().RunAsync(isShort: true));

        Assert.Equal(1, rows[NodeKinds.Failover].AtOnce);
        Assert.True(rows[NodeKinds.Stock].AtOnce > 1, $"{rows[NodeKinds.Stock]}");
        Assert.True(rows[NodeKinds.Stock].Executions > rows[NodeKinds.Failover].Executions, $"{rows[NodeKinds.Stock]}");
    }

    [Fact]
    public async Task A_check_that_hangs_makes_us_say_503_and_a_peer_wait_and_say_200()
    {
        Dictionary<string, HealthRow> rows = Of(await new Hanging().RunAsync(isShort: true));

        Assert.NotNull(rows[NodeKinds.Failover].First503Ms);
        Assert.True(rows[NodeKinds.Failover].AtOnce == 1 && rows[NodeKinds.Failover].LongestMs < rows[NodeKinds.Stock].LongestMs, $"{rows[NodeKinds.Failover]}");
        Assert.Equal((200, null), (rows[NodeKinds.Ui].Status, rows[NodeKinds.Ui].First503Ms));
    }

    [Fact]
    public async Task Secrets_that_checks_say_leave_a_peer_and_not_us()
    {
        Dictionary<string, HealthRow> rows = Of(await new SecretsCase().RunAsync(isShort: true));

        Assert.Equal(0, rows[NodeKinds.Failover].Leaked);
        Assert.True(rows[NodeKinds.Ui].LeakedToCallers > 0, $"{rows[NodeKinds.Ui]}");
        Assert.True(rows[NodeKinds.Stock] is { LeakedToCallers: 0, Leaked: > 0 }, $"{rows[NodeKinds.Stock]}");
    }

    [Fact]
    public async Task A_prober_sees_503_of_ours_while_it_ends_and_nothing_of_a_peer()
    {
        Sigterm sigterm = new();
        if (sigterm.CanRunHere)
        {
            Dictionary<string, HealthRow> rows = Of(await sigterm.RunAsync(isShort: true));

            Assert.True(rows[NodeKinds.Failover] is { First503Ms: not null, OkAfter503: 0 }, $"{rows[NodeKinds.Failover]}");
            Assert.Null(rows[NodeKinds.Stock].First503Ms);
        }
    }

    [Fact]
    public void The_rows_have_the_names_that_were_agreed()
    {
        string json = JsonSerializer.Serialize([new HealthRow { Case = "answer", Client = "failover" }], HealthRowJson.Default.IReadOnlyListHealthRow);

        string[] names = [.. JsonDocument.Parse(json).RootElement.EnumerateArray().Single().EnumerateObject().Select(p => p.Name)];
        Assert.Equal(["scenario", "case", "client", "rps", "cpuMicros", "executions", "p99Ms", "leaked"], names.Take(8));
    }

    [Fact]
    public void An_argument_that_is_not_known_is_refused_with_what_is()
    {
        Assert.Contains("answer, 200connections, blocking, hanging, secrets, sigterm", Assert.Throws<ArgumentException>(() => HealthOptions.Parse(["--case", "hang"])).Message, StringComparison.Ordinal);
        Assert.Equal("sigterm", Assert.Single(HealthOptions.Parse(["--case", "sigterm", "--short"]).Cases).Name);
    }

    private static Dictionary<string, HealthRow> Of(IReadOnlyList<HealthRow> rows) => rows.ToDictionary(row => row.Client);
}
