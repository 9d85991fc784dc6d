using Failover.Http.Probing;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Failover.Http.Tests.Draining;

/// <summary>What a probe makes of an answer in which the member says something of its own leaving.</summary>
public class ProbeTests
{
    private readonly FakeLogger _logger = new();

    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    [InlineData(302)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_marker_on_any_status_says_that_the_member_is_leaving(int status)
    {
        ProbeResult result = Assert.Single(await ProbeAsync(1, $"HTTP/1.1 {status} Whatever", "Failover-Drain: 20"));

        Assert.Equal((ProbeOutcome.Draining, TimeSpan.FromSeconds(20), "says that it is leaving"), (result.Outcome, result.DrainFor, result.Evidence));
    }

    [Theory]
    [InlineData(200, ProbeOutcome.Succeeded)]
    [InlineData(503, ProbeOutcome.Failed)]
    public async Task A_marker_that_cannot_be_read_is_ignored_and_told_once(int status, ProbeOutcome outcome)
    {
        Assert.All(await ProbeAsync(3, $"HTTP/1.1 {status} Whatever", "Failover-Drain: soon"), result => Assert.Equal((outcome, null), (result.Outcome, result.DrainFor)));

        Assert.Equal((2030, "DrainMarkerIgnored"), (Assert.Single(_logger.Collector.GetSnapshot()).Id.Id, _logger.LatestRecord.Id.Name));
    }

    [Theory]
    [InlineData("Retry-After: 7", 7)]
    [InlineData("Retry-After: Thu, 01 Jan 2026 12:00:07 GMT", 7)]
    [InlineData("Retry-After: Thu, 01 Jan 2026 11:00:00 GMT", null)]
    [InlineData("Retry-After: later", null)]
    [InlineData("X-Nothing: 7", null)]
    public async Task A_503_is_a_failure_that_says_when_to_come_again(string header, int? seconds)
    {
        ProbeResult result = Assert.Single(await ProbeAsync(1, "HTTP/1.1 503 Service Unavailable", header));

        Assert.Equal((ProbeOutcome.Failed, "status 503"), (result.Outcome, result.Evidence));
        Assert.Equal(seconds is { } known ? TimeSpan.FromSeconds(known) : null, result.DrainFor);
    }

    private async Task<List<ProbeResult>> ProbeAsync(int times, string status, string header)
    {
        using var server = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync() is not null)
            {
                await connection.SendAsync($"{status}\r\nContent-Length: 0\r\n{header}\r\n\r\n");
            }
        });
        var plan = new ProbePlan(new HttpProbeOptions());
        using var probe = new HttpProbe("orders", () => plan, null, _logger, new FakeTimeProvider(new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero)));
        var member = new FailoverMember(server.Address);
        List<ProbeResult> results = [];
        for (int i = 0; i < times; i++)
        {
            results.Add(await probe.ProbeAsync(member, default));
        }

        return results;
    }
}
