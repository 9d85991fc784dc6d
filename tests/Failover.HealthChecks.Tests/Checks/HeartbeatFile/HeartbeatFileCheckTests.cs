using System.Globalization;
using Failover.HealthChecks.Checks.HeartbeatFile;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Failover.HealthChecks.Tests.Checks.HeartbeatFile;

public sealed class HeartbeatFileCheckTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Now);
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("failover-heartbeat-").FullName, "beat");

    [Fact]
    public async Task A_file_that_was_written_lately_passes_and_one_that_was_not_fails()
    {
        Touch(Now);
        await using Checked check = Checked.With(checks => checks.AddHeartbeatFile(_file, TimeSpan.FromMinutes(1)), _time);

        _time.Advance(TimeSpan.FromSeconds(60));
        HealthCheckResult fresh = await check.RunAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        HealthCheckResult stale = await check.RunAsync();
        Touch(_time.GetUtcNow());

        Assert.Equal((HealthStatus.Healthy, 60.0), (fresh.Status, fresh.Data["ageSeconds"]));
        Assert.Equal((HealthStatus.Unhealthy, 61.0), (stale.Status, stale.Data["ageSeconds"]));
        Assert.Equal(HealthStatus.Healthy, (await check.RunAsync()).Status);
        Assert.Equal(("heartbeat beat", "shared"), (check.Registration.Name, Assert.Single(check.Registration.Tags)));
    }

    [Fact]
    public async Task Of_a_link_the_file_counts_that_it_leads_to()
    {
        Touch(Now.AddMinutes(-10));
        string link = Path.Combine(Path.GetDirectoryName(_file)!, "link");
        File.CreateSymbolicLink(link, _file);
        await using Checked check = Checked.With(checks => checks.AddHeartbeatFile(link, TimeSpan.FromMinutes(1)), _time);

        Assert.Equal(600.0, (await check.RunAsync()).Data["ageSeconds"]);
    }

    [Fact]
    public async Task The_time_in_the_file_counts_where_it_holds_one_whenever_the_copy_was_made()
    {
        Touch(Now, Now.AddMinutes(-10).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) + "\n");
        await using Checked check = Checked.With(checks => checks.AddHeartbeatFile("beat", _file, options => options.ReadContent = true), _time);

        HealthCheckResult result = await check.RunAsync();

        Assert.Equal((HealthStatus.Unhealthy, 600.0), (result.Status, result.Data["ageSeconds"]));
        Assert.Equal(Now.AddMinutes(-10), result.Data["at"]);
    }

    [Theory]
    [InlineData("2026-03-01T12:00:00Z", 0.0)]
    [InlineData("2026-03-01T12:00:00", 0.0)]
    [InlineData("2026-03-01T13:00:00+01:00\nmore", 0.0)]
    [InlineData("\uFEFF2026-03-01T11:59:50.5Z\r\n", 9.5)]
    [InlineData("1772366395", 5.0)]
    [InlineData(" 1772366395 \n", 5.0)]
    [InlineData("", null)]
    [InlineData("soon", null)]
    [InlineData("99999999999999999", null)]
    [InlineData("-5", null)]
    public void A_time_is_read_as_people_and_scripts_write_it(string text, double? age) =>
        Assert.Equal(age, Heartbeat.Parse(text) is { } at ? (Now - at).TotalSeconds : null);

    [Fact]
    public async Task A_file_that_is_missing_or_holds_no_time_fails_the_check()
    {
        await using Checked written = Checked.With(checks => checks.AddHeartbeatFile(_file, TimeSpan.FromMinutes(1)), _time);
        await using Checked content = Checked.With(checks => checks.AddHeartbeatFile("beat", _file, options => options.ReadContent = true), _time);

        Assert.IsType<FileNotFoundException>((await written.RunAsync()).Exception);
        Assert.Equal(HealthStatus.Unhealthy, (await content.RunAsync()).Status);

        Touch(Now, new string('x', 10_000));
        HealthCheckResult result = await content.RunAsync();
        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.IsType<FormatException>(result.Exception);
    }

    [Theory]
    [InlineData(5, HealthStatus.Healthy)]
    [InlineData(6, HealthStatus.Degraded)]
    [InlineData(86_400, HealthStatus.Degraded)]
    public async Task A_heartbeat_of_the_future_is_degraded_and_says_that_a_clock_is_wrong(int ahead, HealthStatus expected)
    {
        Touch(Now.AddSeconds(ahead));
        await using Checked check = Checked.With(checks => checks.AddHeartbeatFile(_file, TimeSpan.FromMinutes(1)), _time);

        HealthCheckResult result = await check.RunAsync();

        Assert.Equal(expected, result.Status);
        Assert.Equal(expected == HealthStatus.Degraded, result.Description?.Contains("clocks", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public async Task It_may_be_degraded_before_it_fails()
    {
        Touch(Now);
        await using Checked check = Checked.With(checks => checks.AddHeartbeatFile("beat", _file, options => (options.MaximumAge, options.DegradedAge) = (TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(1))), _time);

        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(HealthStatus.Degraded, (await check.RunAsync()).Status);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HealthStatus.Unhealthy, (await check.RunAsync()).Status);
    }

    [Fact]
    public void Ages_that_are_not_allowed_are_refused_at_once()
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => Checked.With(checks => checks.AddHeartbeatFile("beat", _file, options =>
        {
            options.DegradedAge = TimeSpan.FromMinutes(6);
            options.ClockTolerance = TimeSpan.FromSeconds(-1);
        })));

        Assert.Equal(
            ["Health check 'beat':ClockTolerance (-00:00:01) must be from 00:00:00 to 1.00:00:00.", "Health check 'beat':DegradedAge (00:06:00) must be from 00:00:01 to 00:05:00."],
            refused.Failures);
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    private void Touch(DateTimeOffset at, string content = "")
    {
        File.WriteAllText(_file, content);
        File.SetLastWriteTimeUtc(_file, at.UtcDateTime);
    }
}
