using System.Text.Json;

namespace Failover.Etcd.Tests.Arbitration;

/// <summary>The gateway ignores a name that it does not know without a word: a comparison or a lease would be missing. So each name that is sent is held against those of etcd's rpc.proto.</summary>
public sealed class LeaseMessagesTests
{
    private static readonly Dictionary<string, string[]> Known = new()
    {
        ["/v3/lease/grant"] = ["ID:text", "TTL:text"],
        ["/v3/lease/revoke"] = ["ID:text"],
        ["/v3/kv/txn"] =
        [
            "compare", "success", "failure",
            "compare.key:base64", "compare.result:EQUAL", "compare.target:CREATE,MOD,VALUE", "compare.create_revision:text", "compare.mod_revision:text", "compare.value:base64",
            .. ((string[])["success", "failure"]).SelectMany(static list => (string[])[$"{list}.request_range", $"{list}.request_range.key:base64", $"{list}.request_put", $"{list}.request_put.key:base64", $"{list}.request_put.value:base64",
                $"{list}.request_put.lease:text", $"{list}.request_delete_range", $"{list}.request_delete_range.key:base64"]),
        ],
    };

    [Fact]
    public async Task All_that_is_sent_bears_the_names_that_the_gateway_knows_and_numbers_go_as_text()
    {
        LeaseRequest request = EtcdLeases.Request("host-a") with { Resource = "nightly" };
        await using FakeEtcd fake = new(request);
        using EtcdLeaseStore store = new(EtcdLeases.At(fake.Endpoint));

        LeaseGrant grant = await EtcdLeases.TakeAsync(store, request);
        fake.IsHeld = true;
        Assert.NotNull(await store.RenewAsync(request with { Settles = false }, grant with { Epoch = new(grant.Epoch.Lineage, 5) }, CancellationToken.None));
        fake.Lies["write"] = (200, """{"header":{"cluster_id":"7","revision":"11"},"succeeded":true,"responses":[{"response_delete_range":{"deleted":"1"}}]}""");
        await store.ReleaseAsync(request, CancellationToken.None);

        (string Path, string Message)[] asked = [.. fake.Asked];
        Assert.Equal(["/v3/kv/txn", "/v3/lease/grant", "/v3/kv/txn", "/v3/kv/txn", "/v3/lease/grant", "/v3/kv/txn", "/v3/kv/txn", "/v3/kv/txn", "/v3/lease/revoke"], asked.Select(static one => one.Path));
        foreach ((string path, string message) in asked)
        {
            using JsonDocument sent = JsonDocument.Parse(message);
            Check(path, "", sent.RootElement);
        }

        // What was granted by one step is used by the next, and each write says what must hold.
        JsonElement grantSent = Json(asked[1].Message), take = Json(asked[2].Message), renew = Json(asked[5].Message);
        Assert.Equal("30", grantSent.GetProperty("TTL").GetString());
        Assert.Equal(grantSent.GetProperty("ID").GetString(), take.GetProperty("success")[0].GetProperty("request_put").GetProperty("lease").GetString());
        Assert.Equal(["CREATE", "CREATE", "VALUE", "MOD"], take.GetProperty("compare").EnumerateArray().Select(static one => one.GetProperty("target").GetString()!));
        Assert.Equal(["MOD", "VALUE"], renew.GetProperty("compare").EnumerateArray().Select(static one => one.GetProperty("target").GetString()!));
        Assert.Equal("4711", renew.GetProperty("success")[0].GetProperty("request_put").GetProperty("lease").GetString());
    }

    private static JsonElement Json(string message)
    {
        using JsonDocument document = JsonDocument.Parse(message);
        return document.RootElement.Clone();
    }

    private static void Check(string path, string at, JsonElement element)
    {
        foreach (JsonProperty property in element.EnumerateObject())
        {
            string name = at.Length == 0 ? property.Name : $"{at}.{property.Name}";
            string[] known = Assert.Single(Known[path], known => known.Split(':')[0] == name).Split(':');
            switch (property.Value.ValueKind)
            {
                case JsonValueKind.Array:
                    Assert.Single(known);
                    Assert.All(property.Value.EnumerateArray(), one => Check(path, name, one));
                    break;
                case JsonValueKind.Object:
                    Assert.Single(known);
                    Check(path, name, property.Value);
                    break;
                default:
                    string text = property.Value.GetString()!;
                    Assert.True(known[1] switch { "text" => long.TryParse(text, out _), "base64" => Convert.FromBase64String(text) is not null, _ => known[1].Split(',').Contains(text) }, $"{path} {name} is {text}.");
                    break;
            }
        }
    }
}
