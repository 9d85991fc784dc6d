using System.Reflection;
using System.Text.RegularExpressions;
using Failover.Configuration;
using Failover.HealthChecks.Evaluation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Tests.Docs;

/// <summary>docs/health.md says what is true.</summary>
public partial class HealthPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Docs", "health.md"));

    [Fact]
    public async Task Checks_are_registered_as_everywhere()
    {
        var builder = new { Services = new ServiceCollection().AddLogging(), Configuration = new ConfigurationBuilder().Build() };

        #region docs:register
        builder.Services.AddHealthChecks()
            .AddCheck<OrdersDatabaseCheck>("db", tags: ["shared"])
            .AddCheck<SpoolDiskCheck>("spool", tags: ["local"])
            .AddCheck<SearchCheck>("search", failureStatus: HealthStatus.Degraded);

        builder.Services.AddFailover(builder.Configuration.GetSection("Failover")).AddHealth();
        #endregion

        await using ServiceProvider services = builder.Services.BuildServiceProvider();
        Assert.Equal(
            [("db", Criticality.Critical, CheckScope.Shared), ("spool", Criticality.Critical, CheckScope.Local), ("search", Criticality.Degrading, CheckScope.Shared)],
            services.GetRequiredService<NodeHealth>().Snapshot.Checks.Select(check => (check.Name, check.Criticality, check.Scope)));
    }

    [Fact]
    public void Every_instrument_and_tag_stands_there() => Assert.All(
        typeof(HealthTelemetryNames).GetFields(BindingFlags.Static | BindingFlags.NonPublic).Select(field => (string)field.GetRawConstantValue()!),
        name => Assert.Contains($"`{name}`", Page, StringComparison.Ordinal));

    [Fact]
    public void Every_key_stands_there_with_its_default_and_what_is_allowed()
    {
        var defaults = new HealthOptions();
        IEnumerable<string> expected =
        [
            .. from key in HealthOptionsKeys.Table.Keys where key.Key != "Checks" select $"`{key.Key}` | {Shown.Value(key.Key, key.Read(defaults))} | {key.Allowed}",
            .. from key in HealthOptionsKeys.Check.Keys select $"`Checks:<name>:{key.Key}` | {key.Allowed}",
        ];

        IEnumerable<string> told = from row in Rows().Matches(Page)
                                   let cells = row.Value.Trim('|', ' ').Split(" | ")
                                   select cells[0].StartsWith("`Checks:", StringComparison.Ordinal) ? $"{cells[0]} | {cells[2]}" : $"{cells[0]} | {cells[1]} | {cells[2]}";

        Assert.Equal(expected, told);
    }

    [GeneratedRegex(@"^\| `(?:[A-Z]\w+|Checks:<name>:\w+)` \| [^|]+ \| (?:from|left out)[^|]* \|", RegexOptions.Multiline)]
    private static partial Regex Rows();

    private class NoCheck : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(HealthCheckResult.Healthy());
    }

    private sealed class OrdersDatabaseCheck : NoCheck;

    private sealed class SpoolDiskCheck : NoCheck;

    private sealed class SearchCheck : NoCheck;
}
