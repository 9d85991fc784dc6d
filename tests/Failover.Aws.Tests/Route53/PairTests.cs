using System.Xml.Linq;
using Failover.TestServers.Aws;

namespace Failover.Aws.Tests.Route53;

public sealed class PairTests : OnRoute53
{
    private const string Shop = "shop.example.com";

    [Fact]
    public async Task A_pair_is_made_with_a_health_check_for_each_side_and_is_then_in_force()
    {
        using Route53FailoverPair pair = Pair();
        Route53PairPlan plan = await pair.PlanAsync(default);

        Assert.Equal(
            [
                "make a health check of the primary: https://a.example.com:443/health/routing, each 10 s, 3 in a row",
                "add shop.example.com A PRIMARY 192.0.2.1",
                "make a health check of the secondary: https://b.example.com:443/health/routing at 198.51.100.2, each 10 s, 3 in a row",
                "add shop.example.com A SECONDARY 198.51.100.2",
            ],
            plan.Steps);
        Assert.Equal((0, 0), (Aws.Route53.Changes, Aws.Route53.HealthChecks.Ids.Count));

        Assert.Equal(new(Route53PairOutcome.Done, null), await pair.ApplyAsync(plan, default));

        Assert.Equal(["192.0.2.1", "198.51.100.2"], Zone.Values(Shop, "A"));
        Assert.Equal(["PRIMARY", "SECONDARY"], Zone.Sets(Shop, "A").Select(static set => set.Element("Failover")!.Value));
        string primary = Zone.Sets(Shop, "A")[0].Element("HealthCheckId")!.Value;
        Assert.Equal(["HTTPS", "/health/routing", "10", "3", "true", "a.example.com"], new[] { "Type", "ResourcePath", "RequestInterval", "FailureThreshold", "EnableSNI", "FullyQualifiedDomainName" }.Select(setting => Aws.Route53.HealthChecks[primary, setting]));
        Assert.True((await pair.PlanAsync(default)).IsInForce);
        Assert.Equal(new(Route53PairOutcome.AlreadyThere, null), await pair.ApplyAsync(await pair.PlanAsync(default), default));
        Assert.Equal(1, Aws.Route53.Changes);
    }

    [Fact]
    public async Task In_an_incident_nobody_calls_AWS_and_the_status_tells_what_the_checkers_see()
    {
        using Route53FailoverPair pair = await MadeAsync();
        string primary = CheckOf("PRIMARY");
        Aws.Route53.HealthChecks.Healthy = id => id == primary ? 2 : 16;

        Route53PairStatus status = await pair.ReadStatusAsync(default);

        Assert.Equal((new Route53SideStatus(primary, 16, 2, false, false), false), (status.Primary, status.Primary!.IsHealthy));
        Assert.True(status.Secondary!.IsHealthy);
        Assert.True((await pair.PlanAsync(default)).IsInForce);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void More_than_18_percent_of_the_checkers_are_enough(int succeeding, bool healthy) => Assert.Equal(healthy, new Route53SideStatus("id", 16, succeeding, false, false).IsHealthy);

    [Fact]
    public async Task Settings_that_someone_changed_are_told_and_put_right()
    {
        using Route53FailoverPair pair = await MadeAsync();
        string primary = CheckOf("PRIMARY");
        Aws.Route53.HealthChecks.Set(primary, "Disabled", "true");
        Aws.Route53.HealthChecks.Set(primary, "FailureThreshold", "5");
        XElement secondary = Zone.Sets(Shop, "A")[1];
        secondary.Element("TTL")!.Value = "300";
        Zone.Put(secondary);

        Route53PairPlan drift = await pair.PlanAsync(default);

        Assert.Equal([$"change the health check {primary} of the primary: FailureThreshold 3 in the place of 5, Disabled false in the place of true", "replace shop.example.com A SECONDARY 198.51.100.2"], drift.Steps);
        Assert.Equal(Route53PairOutcome.Done, (await pair.ApplyAsync(drift, default)).Outcome);
        Assert.Equal(("false", "3", "30"), (Aws.Route53.HealthChecks[primary, "Disabled"], Aws.Route53.HealthChecks[primary, "FailureThreshold"], Zone.Sets(Shop, "A")[1].Element("TTL")!.Value));
    }

    [Fact]
    public async Task What_a_health_check_keeps_for_life_makes_a_new_one()
    {
        string before;
        using (await MadeAsync())
        {
            before = CheckOf("PRIMARY");
        }

        using Route53FailoverPair slower = Pair(o => o.RequestInterval = 30);
        Route53PairPlan plan = await slower.PlanAsync(default);

        Assert.Contains($"{before} is no longer used then, and stays for you to delete", plan.Steps[0], StringComparison.Ordinal);
        Assert.Equal(Route53PairOutcome.Done, (await slower.ApplyAsync(plan, default)).Outcome);
        Assert.Equal("30", Aws.Route53.HealthChecks[CheckOf("PRIMARY"), "RequestInterval"]);
    }

    [Fact]
    public async Task A_health_check_that_was_deleted_is_made_again()
    {
        using Route53FailoverPair pair = await MadeAsync();
        Aws.Route53.HealthChecks.Delete(CheckOf("SECONDARY"));

        Assert.Equal(Route53PairOutcome.Done, (await pair.ApplyAsync(await pair.PlanAsync(default), default)).Outcome);
        Assert.Equal("b.example.com", Aws.Route53.HealthChecks[CheckOf("SECONDARY"), "FullyQualifiedDomainName"]);
    }

    [Fact]
    public async Task A_health_check_whose_answer_was_lost_is_not_made_twice()
    {
        using Route53FailoverPair pair = Pair();
        Aws.Interfere = static (action, before) => action == "route53:CreateHealthCheck" && before == 1 ? AwsFaultKind.LoseAnswer : null;

        Assert.Equal(Route53PairOutcome.Unknown, (await pair.ApplyAsync(await pair.PlanAsync(default), default)).Outcome);
        Assert.Equal(Route53PairOutcome.Done, (await pair.ApplyAsync(await pair.PlanAsync(default), default)).Outcome);
        Assert.Equal(2, Aws.Route53.HealthChecks.Ids.Count);
    }

    [Fact]
    public async Task A_set_that_stands_alone_with_the_address_of_a_side_gives_way_in_the_same_batch()
    {
        Zone.Put(Shop, "A", 300, "192.0.2.1");
        using Route53FailoverPair pair = Pair();

        Route53PairPlan plan = await pair.PlanAsync(default);

        Assert.Equal("remove shop.example.com A 192.0.2.1, which stands alone", plan.Steps[0]);
        Assert.Equal(Route53PairOutcome.Done, (await pair.ApplyAsync(plan, default)).Outcome);
        Assert.Equal(1, Aws.Route53.Changes);
    }

    [Theory]
    [InlineData("A", "192.0.2.99")]
    [InlineData("CNAME", "elsewhere.example.net.")]
    public async Task What_is_someone_elses_is_never_touched(string type, string value)
    {
        Zone.Put(Shop, type, 300, value);
        using Route53FailoverPair pair = Pair();

        Route53PairPlan plan = await pair.PlanAsync(default);

        Assert.Contains("not of this pair", plan.Problem, StringComparison.Ordinal);
        Assert.Equal(Route53PairOutcome.Conflict, (await pair.ApplyAsync(plan, default)).Outcome);
        Assert.Equal((0, 0), (Aws.Route53.Changes, Aws.Route53.HealthChecks.Ids.Count));
    }

    [Fact]
    public async Task A_plan_that_is_too_old_changes_nothing()
    {
        using Route53FailoverPair pair = await MadeAsync();
        XElement secondary = Zone.Sets(Shop, "A")[1];
        secondary.Element("TTL")!.Value = "300";
        Zone.Put(secondary);
        Route53PairPlan plan = await pair.PlanAsync(default);
        secondary.Element("TTL")!.Value = "600";
        Zone.Put(secondary);

        Assert.Equal(Route53PairOutcome.Conflict, (await pair.ApplyAsync(plan, default)).Outcome);
        Assert.Equal("600", Zone.Sets(Shop, "A")[1].Element("TTL")!.Value);

        string primary = CheckOf("PRIMARY");
        Aws.Route53.HealthChecks.Set(primary, "FailureThreshold", "5");
        plan = await pair.PlanAsync(default);
        Aws.Route53.HealthChecks.Set(primary, "FailureThreshold", "7");
        Route53PairResult stale = await pair.ApplyAsync(plan, default);

        Assert.Equal(Route53PairOutcome.Conflict, stale.Outcome);
        Assert.Contains("HealthCheckVersionMismatch (409)", stale.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Aliases_are_evaluated_by_Route_53_and_need_no_health_check()
    {
        using Route53FailoverPair pair = Pair(static o =>
        {
            o.Primary = new() { AliasTarget = "lb-a.eu-west-1.elb.amazonaws.com", AliasHostedZoneId = "Z32O12XQLNTSW2" };
            o.Secondary = new() { AliasTarget = "lb-b.us-east-1.elb.amazonaws.com", AliasHostedZoneId = "Z35SXDOTRQ7X7K" };
        });

        Assert.Equal(Route53PairOutcome.Done, (await pair.ApplyAsync(await pair.PlanAsync(default), default)).Outcome);
        Assert.All(Zone.Sets(Shop, "A"), static set => Assert.Equal("true", set.Element("AliasTarget")!.Element("EvaluateTargetHealth")!.Value));
        Assert.Empty(Aws.Route53.HealthChecks.Ids);
        Assert.Equal(new(null, null, null), await pair.ReadStatusAsync(default));
    }

    [Fact]
    public async Task A_failover_that_is_asked_for_inverts_the_check_and_never_disables_it()
    {
        using Route53FailoverPair pair = await MadeAsync();
        string primary = CheckOf("PRIMARY");

        Assert.Equal(Route53PairOutcome.Done, (await pair.MoveToSecondaryAsync(default)).Outcome);
        Assert.Equal(("true", "false"), (Aws.Route53.HealthChecks[primary, "Inverted"], Aws.Route53.HealthChecks[primary, "Disabled"]));
        Assert.False((await pair.ReadStatusAsync(default)).Primary!.IsHealthy);
        Assert.Equal([$"change the health check {primary} of the primary: Inverted false in the place of true"], (await pair.PlanAsync(default)).Steps);
        Assert.Equal(Route53PairOutcome.AlreadyThere, (await pair.MoveToSecondaryAsync(default)).Outcome);

        Assert.Equal(Route53PairOutcome.Done, (await pair.ReturnToPrimaryAsync(default)).Outcome);
        Assert.True((await pair.PlanAsync(default)).IsInForce);
        Assert.Equal(2, Logs.GetSnapshot().Count(static record => record.Id.Id == 13004));
    }

    [Theory]
    [InlineData("PRIMARY", "would bring the primary back")]
    [InlineData("SECONDARY", "with both sides unhealthy Route 53 answers with the primary")]
    public async Task A_failover_that_would_do_harm_is_refused(string failing, string reason)
    {
        using Route53FailoverPair pair = await MadeAsync();
        string check = CheckOf(failing);
        Aws.Route53.HealthChecks.Healthy = id => id == check ? 0 : 16;

        Route53PairResult result = await pair.MoveToSecondaryAsync(default);

        Assert.Equal(Route53PairOutcome.Denied, result.Outcome);
        Assert.EndsWith(reason, result.Reason, StringComparison.Ordinal);
        Assert.Equal("false", Aws.Route53.HealthChecks[CheckOf("PRIMARY"), "Inverted"]);
    }

    [Fact]
    public async Task An_inversion_whose_answer_was_lost_is_found()
    {
        using Route53FailoverPair pair = await MadeAsync();
        Aws.Interfere = static (action, _) => action == "route53:UpdateHealthCheck" ? AwsFaultKind.LoseAnswer : null;

        Assert.Equal(Route53PairOutcome.Done, (await pair.MoveToSecondaryAsync(default)).Outcome);
    }

    [Fact]
    public async Task A_pair_without_the_right_to_look_says_so()
    {
        Aws.Identities[AwsStandIn.Key] = new AwsIdentity(AwsStandIn.Secret, policy: """{ "Statement": [] }""");
        using Route53FailoverPair pair = Pair();

        Assert.Contains("AccessDenied (403)", (await pair.PlanAsync(default)).Problem, StringComparison.Ordinal);
        Assert.Contains("AccessDenied (403)", (await pair.ReadStatusAsync(default)).Problem, StringComparison.Ordinal);
        Assert.Equal(Route53PairOutcome.Denied, (await pair.MoveToSecondaryAsync(default)).Outcome);
    }

    [Theory]
    [InlineData(AwsFaultKind.Throttle)]
    [InlineData(AwsFaultKind.Drop)]
    [InlineData(AwsFaultKind.Garbage)]
    [InlineData(AwsFaultKind.ServiceUnavailable)]
    public async Task A_plan_that_could_not_be_made_since_AWS_gave_no_answer_fails_when_it_is_applied(AwsFaultKind fault)
    {
        Aws.Interfere = (_, _) => fault;
        using Route53FailoverPair pair = Pair(static o => o.Patience = TimeSpan.Zero);

        Route53PairPlan plan = await pair.PlanAsync(default);
        Aws.Interfere = static (_, _) => null;

        Assert.Equal(new(Route53PairOutcome.Failed, plan.Problem), await pair.ApplyAsync(plan, default));
        Assert.Empty(Zone.Values(Shop, "A"));
    }

    [Fact]
    public async Task A_plan_that_AWS_does_not_let_us_make_is_denied_when_it_is_applied()
    {
        using Route53FailoverPair elsewhere = Pair(static o => o.HostedZoneId = "Z9");
        Route53PairPlan nowhere = await elsewhere.PlanAsync(default);
        Aws.Identities[AwsStandIn.Key] = new AwsIdentity("another");
        using Route53FailoverPair stranger = Pair();
        Route53PairPlan denied = await stranger.PlanAsync(default);

        Assert.Contains("NoSuchHostedZone (404)", nowhere.Problem, StringComparison.Ordinal);
        Assert.Equal(new(Route53PairOutcome.Denied, nowhere.Problem), await elsewhere.ApplyAsync(nowhere, default));
        Assert.Contains("SignatureDoesNotMatch (403)", denied.Problem, StringComparison.Ordinal);
        Assert.Equal(new(Route53PairOutcome.Denied, denied.Problem), await stranger.ApplyAsync(denied, default));
    }

    private Route53FailoverPair Pair(Action<Route53FailoverPairOptions>? configure = null)
    {
        Route53FailoverPairOptions options = new()
        {
            HostedZoneId = ZoneId,
            Name = Shop,
            Primary = { Values = ["192.0.2.1"], HealthHost = "a.example.com" },
            Secondary = { Values = ["198.51.100.2"], HealthHost = "b.example.com", HealthAddress = "198.51.100.2" },
        };
        configure?.Invoke(options);
        return new(options, Options, Credentials, Time, new Loggers(Logs));
    }

    private async Task<Route53FailoverPair> MadeAsync()
    {
        Route53FailoverPair pair = Pair();
        Assert.Equal(Route53PairOutcome.Done, (await pair.ApplyAsync(await pair.PlanAsync(default), default)).Outcome);
        return pair;
    }

    private string CheckOf(string side) => Zone.Sets(Shop, "A").Single(set => set.Element("Failover")!.Value == side).Element("HealthCheckId")!.Value;
}
