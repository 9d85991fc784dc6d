using Failover.HealthChecks.Checks.ClockSkew;
using Failover.HealthChecks.Peers;
using Failover.HealthChecks.Tests.Peers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Failover.HealthChecks.Tests.Checks.ClockSkew;

public class ClockSkewCheckTests
{
    private static readonly DateTimeOffset Asked = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    // What the peer's clock was ahead of ours when the request was sent, how long the answer took: how far is it away, at least?
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(500, 0, 500)]
    [InlineData(-500, 0, -500)]
    [InlineData(0, 1000, 0)]
    [InlineData(1000, 1000, 0)]
    [InlineData(1500, 1000, 500)]
    [InlineData(-300, 1000, -300)]
    [InlineData(20_000, 200, 19_800)]
    [InlineData(-20_000, 200, -20_000)]
    public void What_the_time_of_the_answer_explains_is_no_difference(int ahead, int took, int skew) =>
        Assert.Equal(TimeSpan.FromMilliseconds(skew), ClockOffset.Of(Asked.AddMilliseconds(ahead).ToUnixTimeMilliseconds(), Asked, TimeSpan.FromMilliseconds(took)));

    [Theory]
    [InlineData(new double[0], HealthStatus.Healthy)]
    [InlineData(new[] { 1.0 }, HealthStatus.Healthy)]
    [InlineData(new[] { 1.1 }, HealthStatus.Degraded)]
    [InlineData(new[] { -1.1 }, HealthStatus.Degraded)]
    [InlineData(new[] { 10.0 }, HealthStatus.Degraded)]
    [InlineData(new[] { 10.1 }, HealthStatus.Unhealthy)]
    [InlineData(new[] { -10.1 }, HealthStatus.Unhealthy)]
    [InlineData(new[] { 25.0, 0.2 }, HealthStatus.Healthy)]
    [InlineData(new[] { -25.0, 20.0, 5.0 }, HealthStatus.Degraded)]
    [InlineData(new[] { 20.0, 20.1 }, HealthStatus.Unhealthy)]
    public void The_peer_that_agrees_most_counts(double[] skews, HealthStatus expected) =>
        Assert.Equal(expected, ClockSkewRules.Judge(ClockSkewRules.Least(skews.Select(TimeSpan.FromSeconds)), refused: skews.Length > 0, new()).Status);

    [Fact]
    public void A_node_that_is_refused_by_all_may_have_a_clock_that_is_out_of_the_window() => Assert.Equal(HealthStatus.Degraded, ClockSkewRules.Judge(null, refused: true, new()).Status);

    [Fact]
    public async Task Old_news_is_no_news()
    {
        await using Fleet fleet = new();
        fleet.Start("b", [], []);
        FleetNode a = fleet.Start("a", ["b"], [], services => services.AddHealthChecks().AddClockSkew());
        await fleet.UntilAsync(() => a.Check("clock").Data.GetValueOrDefault("peersHeard") is 1, TimeSpan.FromSeconds(30));
        Assert.Equal(0.0, a.Check("clock").Data["skewMs"]);

        fleet.Answers = _ => false;
        await fleet.UntilAsync(() => a.Check("clock").Data["peersHeard"] is 0, TimeSpan.FromSeconds(60));

        Assert.Equal("healthy", a.Check("clock").StatusName);
        Assert.False(a.Check("clock").Data.ContainsKey("skewMs"));
    }

    [Fact]
    public async Task It_needs_peers_and_is_shared()
    {
        await using Checked check = Checked.With(checks => checks.AddClockSkew());

        Assert.Contains("AddPeers()", (await Assert.ThrowsAsync<InvalidOperationException>(() => check.RunAsync())).Message, StringComparison.Ordinal);
        Assert.Equal(("clock", "shared"), (check.Registration.Name, Assert.Single(check.Registration.Tags)));
    }

    [Fact]
    public void Thresholds_that_are_not_allowed_are_refused_at_once() => Assert.Equal(
        ["Health check 'clock':DegradedSkew (00:00:11) must be from 00:00:00.0010000 to 00:00:10."],
        Assert.Throws<OptionsValidationException>(() => Checked.With(checks => checks.AddClockSkew(options => options.DegradedSkew = TimeSpan.FromSeconds(11), null, []))).Failures);

    [Fact]
    public void A_check_of_peers_stops_the_start_where_there_are_none()
    {
        var services = new ServiceCollection();
        services.AddFailover().AddHealth();
        services.AddHealthChecks().AddClockSkew().AddRevisionFile("revision");
        using ServiceProvider provider = services.BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<NodeHealth>().Snapshot);

        Assert.Equal(
            ["The health check 'clock' compares this node to its peers, and none are registered: call AddFailover(…).AddPeers(), or leave the check out.", "The health check 'revision' compares this node to its peers, and none are registered: call AddFailover(…).AddPeers(), or leave the check out."],
            error.Failures);
    }
}
