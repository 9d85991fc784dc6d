using Failover.PostgreSql.Checks;
using Failover.PostgreSql.Lag;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Failover.PostgreSql.Tests.Checks;

public class PostgreSqlCheckRulesTests
{
    private static readonly PrimaryState Well = new(TakesWrites: true, Connections: 10, Limit: 97, StandbyNames: "", Synchronous: 0, Hidden: 0);

    [Theory]
    [InlineData("", 0)]
    [InlineData("  ", 0)]
    [InlineData("*", 1)]
    [InlineData("pg-b, pg-c", 1)]
    [InlineData("FIRST 2 (pg-a, pg-b, pg-c)", 2)]
    [InlineData("any 2 (*)", 2)]
    [InlineData("3 (a, b, c)", 3)]
    [InlineData("ANY 99999999999999999999 (a)", 1)]
    public void It_is_read_how_many_standbys_a_commit_waits_for(string names, long needed) => Assert.Equal(needed, PrimaryState.NeededBy(names));

    [Theory]
    [InlineData("", 0, 0, SynchronousCommit.Off)]
    [InlineData("ANY 2 (*)", 2, 0, SynchronousCommit.Satisfied)]
    [InlineData("ANY 2 (*)", 1, 0, SynchronousCommit.NotSatisfied)]
    [InlineData("ANY 2 (*)", 0, 2, SynchronousCommit.NotKnown)]
    public void What_a_user_may_not_see_is_not_called_missing(string names, long synchronous, long hidden, object commit) =>
        Assert.Equal(commit, (Well with { StandbyNames = names, Synchronous = synchronous, Hidden = hidden }).Commit);

    [Fact]
    public void A_primary_that_takes_no_writes_fails_and_all_else_degrades()
    {
        PostgreSqlCheckOptions options = new();

        Assert.Equal(Finding.Healthy, PostgreSqlCheckRules.OfPrimary(Well, options));
        Assert.Equal(Finding.Healthy, PostgreSqlCheckRules.OfPrimary(Well with { Connections = 87 }, options));
        Assert.Equal(Finding.Degraded("88 of 97 connections are in use"), PostgreSqlCheckRules.OfPrimary(Well with { Connections = 88 }, options));
        Assert.Equal(Finding.Degraded("commits wait for 1 synchronous standbys, and 0 are there"), PostgreSqlCheckRules.OfPrimary(Well with { StandbyNames = "*" }, options));
        Assert.Equal(HealthStatus.Unhealthy, PostgreSqlCheckRules.OfPrimary(Well with { TakesWrites = false }, options).Status);
    }

    [Fact]
    public void Of_standbys_only_the_alarm_counts()
    {
        FailoverMember late = new("b", new Uri("postgresql://pg-b:5432"));
        StandbyPlace place = new(1000, TimeSpan.Zero, 1 << 30, default);

        Assert.Equal(Finding.Healthy, PostgreSqlCheckRules.OfStandbys([(late, place), (late, null)]));
        Assert.Equal(Finding.Degraded("too far behind the primary: b"), PostgreSqlCheckRules.OfStandbys([(late, place with { Alarm = new(true, 5, TimeSpan.Zero) })]));
    }

    [Fact]
    public void The_worse_finding_stands_with_the_words_of_both() =>
        Assert.Equal(Finding.Unhealthy("one; two"), Finding.Degraded("one").And(Finding.Unhealthy("two")).And(Finding.Healthy));

    [Theory]
    [InlineData("failover_probe", "\"failover_probe\"")]
    [InlineData("app.Probe", "\"app\".\"Probe\"")]
    [InlineData("a\"; drop table x; --", null)]
    [InlineData("a.b.c", null)]
    [InlineData("", null)]
    [InlineData("1a", null)]
    public void Only_the_name_of_a_table_becomes_one(string name, string? quoted) => Assert.Equal(quoted, ProbeTable.Quoted(name));

    [Fact]
    public void What_is_not_allowed_is_refused_where_the_check_is_added_all_at_once()
    {
        var refused = Assert.Throws<OptionsValidationException>(() => new ServiceCollection().AddHealthChecks().AddPostgreSql("db", static options =>
        {
            options.Timeout = TimeSpan.Zero;
            options.SwitchingGrace = TimeSpan.FromHours(2);
            options.MaximumConnectionsPercent = 0;
            options.ProbeTable = "x y";
        }));

        Assert.Equal(4, refused.Failures.Count());
        Assert.Contains("Health check 'db':MaximumConnectionsPercent (0) must be above 0, up to 100.", refused.Failures);
    }

    [Theory]
    [InlineData(new string[0], "shared")]
    [InlineData(new[] { "site", "LOCAL" }, "site LOCAL")]
    public void The_check_is_shared_unless_its_tags_say_otherwise(string[] tags, string expected)
    {
        ServiceCollection services = new();
        services.AddHealthChecks().AddPostgreSql("database", "db", static _ => { }, HealthStatus.Degraded, tags);
        using ServiceProvider provider = services.BuildServiceProvider();

        HealthCheckRegistration added = Assert.Single(provider.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations);

        Assert.Equal(expected.Split(' ').Order(), added.Tags.Order());
        Assert.Equal(HealthStatus.Degraded, added.FailureStatus);
    }
}
