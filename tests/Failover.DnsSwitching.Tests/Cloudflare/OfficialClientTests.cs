using System.Text.Json.Nodes;
using Failover.DnsSwitching.Cloudflare;
using Failover.DnsSwitching.Tests.Rfc2136;
using Failover.TestServers;
using Failover.TestServers.Cloudflare;

namespace Failover.DnsSwitching.Tests.Cloudflare;

/// <summary>The stand-in is not shaped after our own client: Cloudflare's, of npm, does on it what it does on the real service, and sees what we did. In full runs alone: it comes from the registry.</summary>
public sealed class OfficialClientTests : OnCloudflare
{
    [FullFact]
    public async Task It_makes_lists_edits_replaces_batches_and_deletes_and_is_refused_what_cannot_be()
    {
        JsonNode told = await RunAsync("exercise");

        Assert.Equal(
            """
            {"pages":["www.example.com A 192.0.2.1","www.example.com A 192.0.2.2","www.example.com A 192.0.2.3","www.example.com A 192.0.2.4","www.example.com A 192.0.2.5"],"other":[],
            "edited":[true,"192.0.2.9","by hand"],"put":[true,"192.0.2.8",null],"got":"www.example.com A 192.0.2.8","proxied":1,
            "identical":"400 81058","alias":"400 81053","ttl":"400 1004","kind":"400 1004",
            "batch":[4,["www.example.com A 192.0.2.2"],["www.example.com A 192.0.2.3"]],"gone":"404 81044","left":["www.example.com A 192.0.2.2","www.example.com A 192.0.2.3"],
            "deleted":true,"again":"404 81044","stranger":"403 9109","zone":"404 7003"}
            """.ReplaceLineEndings(""),
            told.ToJsonString());
    }

    [FullFact]
    public async Task It_sees_what_we_moved_and_what_it_edits_is_a_conflict_for_us()
    {
        Zone.Remove(Shop);
        Zone.Put(Shop, "A", "192.0.2.1", comment: "the shop");
        foreach (bool useBatch in (bool[])[false, true])
        {
            CloudflareProvider provider = Provider(useBatch);
            string target = useBatch ? "192.0.2.3" : "192.0.2.2";
            Assert.IsType<DnsOutcome.Applied>(await provider.ApplyAsync(await ChangeAsync(provider, $"op-{useBatch}", target), CancellationToken.None));

            Assert.Equal(
                [$"_failover.shop.example.com TXT \"failover-owner=shop;token=1;op=op-{useBatch}\" 60 null", $"shop.example.com A {target} 60 the shop"],
                (await RunAsync("look")).AsArray().Select(static line => line!.GetValue<string>()));
        }

        CloudflareProvider late = Provider(useBatch: true);
        DnsChange change = await ChangeAsync(late, "late", "192.0.2.4");
        Assert.Equal("shop.example.com A 192.0.2.99", (await RunAsync("edit")).GetValue<string>());
        Assert.Equal(DnsValues.Parse("192.0.2.99"), Assert.IsType<DnsOutcome.Conflict>(await late.ApplyAsync(change, CancellationToken.None)).Actual!.Values);
    }

    private async Task<JsonNode> RunAsync(string what) =>
        JsonNode.Parse(await NpmPackage.RunAsync("cloudflare", "7.3.0", Path.Combine(AppContext.BaseDirectory, "Cloudflare", "official-client.js"), what, Server.Address, Zone.Id, CloudflareStandIn.Token))!;
}
