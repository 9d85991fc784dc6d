using System.Text.Json.Nodes;
using Failover.DnsSwitching;
using Failover.TestServers;
using Failover.TestServers.Aws;

namespace Failover.Aws.Tests.Cli;

/// <summary>What stands in for AWS is judged by AWS's own command line, and what we did is seen with it.</summary>
public sealed class AwsCliTests : OnRoute53
{
    // Its clock is the real one.
    public AwsCliTests() => Aws.Time = TimeProvider.System;

    [ServerFact("aws")]
    public async Task The_command_line_and_the_provider_move_the_same_name_and_see_each_other()
    {
        string made = Changes(("CREATE", Www, "A", 30, "192.0.2.1"));
        string change = (string)(await AwsCli.RunAsync(Aws, "route53", "change-resource-record-sets", "--hosted-zone-id", ZoneId, "--change-batch", made))["ChangeInfo"]!["Id"]!;
        await using Route53Provider provider = new(new() { HostedZoneId = ZoneId }, Options, Credentials, TimeProvider.System, new Loggers(Logs));

        Assert.IsType<DnsOutcome.Applied>(await provider.ApplyAsync(To(await StateAsync(provider), "192.0.2.2"), default));

        JsonNode listed = await AwsCli.RunAsync(Aws, "route53", "list-resource-record-sets", "--hosted-zone-id", ZoneId, "--query", $"ResourceRecordSets[?Name=='{Www}.']");
        Assert.Equal("""[{"Name":"www.example.com.","Type":"A","TTL":30,"ResourceRecords":[{"Value":"192.0.2.2"}]}]""", listed.ToJsonString());
        Assert.Equal("PENDING", (string?)(await AwsCli.RunAsync(Aws, "route53", "get-change", "--id", change))["ChangeInfo"]!["Status"]);
        Assert.Equal("INSYNC", (string?)(await AwsCli.RunAsync(Aws, "route53", "get-change", "--id", change))["ChangeInfo"]!["Status"]);
    }

    [ServerFact("aws")]
    public async Task The_command_line_is_refused_what_does_not_fit_and_understands_why()
    {
        PutWww();

        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            AwsCli.RunAsync(Aws, "route53", "change-resource-record-sets", "--hosted-zone-id", ZoneId, "--change-batch", Changes(("DELETE", Www, "A", 31, "192.0.2.1"), ("CREATE", Www, "A", 30, "192.0.2.9"))));

        Assert.Contains("InvalidChangeBatch", refused.Message, StringComparison.Ordinal);
        Assert.Contains("the values provided do not match the current values", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["192.0.2.1"], Zone.Values(Www, "A"));
    }

    [ServerFact("aws")]
    public async Task The_command_line_reads_the_health_check_of_a_pair_and_what_the_checkers_see()
    {
        using Route53FailoverPair pair = new(
            new() { HostedZoneId = ZoneId, Name = Www, Primary = { Values = ["192.0.2.1"], HealthHost = "a.example.com" }, Secondary = { Values = ["192.0.2.2"] } },
            Options,
            Credentials,
            TimeProvider.System,
            new Loggers(Logs));
        Assert.Equal(Route53PairOutcome.Done, (await pair.ApplyAsync(await pair.PlanAsync(default), default)).Outcome);
        string id = Aws.Route53.HealthChecks.Ids.Single();

        JsonNode check = (await AwsCli.RunAsync(Aws, "route53", "get-health-check", "--health-check-id", id))["HealthCheck"]!;
        JsonNode seen = await AwsCli.RunAsync(Aws, "route53", "get-health-check-status", "--health-check-id", id);
        await AwsCli.RunAsync(Aws, "route53", "update-health-check", "--health-check-id", id, "--health-check-version", "1", "--disabled");

        Assert.Equal(("HTTPS", "/health/routing", 10, 1), ((string?)check["HealthCheckConfig"]!["Type"], (string?)check["HealthCheckConfig"]!["ResourcePath"], (int?)check["HealthCheckConfig"]!["RequestInterval"], (int?)check["HealthCheckVersion"]));
        Assert.Equal(16, seen["HealthCheckObservations"]!.AsArray().Count);
        Assert.Contains("Disabled false in the place of true", Assert.Single((await pair.PlanAsync(default)).Steps), StringComparison.Ordinal);
        Assert.Contains("HealthCheckVersionMismatch", (await Assert.ThrowsAsync<InvalidOperationException>(() => AwsCli.RunAsync(Aws, "route53", "update-health-check", "--health-check-id", id, "--health-check-version", "1", "--no-disabled"))).Message, StringComparison.Ordinal);
    }

    [ServerFact("aws")]
    public async Task The_command_line_reads_the_writer_of_a_cluster()
    {
        Aws.Rds.Clusters["shop"] = ("available", "shop-1", ["shop-2"]);

        JsonNode cluster = (await AwsCli.RunAsync(Aws, "rds", "describe-db-clusters", "--db-cluster-identifier", "shop"))["DBClusters"]![0]!;

        Assert.Equal("shop-1", (string?)cluster["DBClusterMembers"]!.AsArray().Single(static member => (bool)member!["IsClusterWriter"]!)!["DBInstanceIdentifier"]);
    }

    private static string Changes(params (string Action, string Name, string Type, int TimeToLive, string Value)[] changes) => new JsonObject
    {
        ["Changes"] = new JsonArray([.. changes.Select(static change => new JsonObject
        {
            ["Action"] = change.Action,
            ["ResourceRecordSet"] = new JsonObject { ["Name"] = change.Name, ["Type"] = change.Type, ["TTL"] = change.TimeToLive, ["ResourceRecords"] = new JsonArray(new JsonObject { ["Value"] = change.Value }) },
        })]),
    }.ToJsonString();
}
