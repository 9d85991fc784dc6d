using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Failover.TestServers.Patroni;

/// <summary>What Patroni keeps in etcd, through the API that its nodes use.</summary>
internal sealed class PatroniStore(HttpClient http, Uri etcd, string scope, bool isV2)
{
    private string Prefix => $"/service/{scope}/";

    /// <summary>Tells the nodes before they start what they would else find out one after another: which database cluster it is, and its settings.</summary>
    internal async Task SeedAsync(ulong systemIdentifier, string settings)
    {
        await PutAsync("initialize", $"{systemIdentifier}");
        await PutAsync("config", settings);
    }

    /// <summary>Forgets the cluster.</summary>
    internal async Task ClearAsync()
    {
        using HttpResponseMessage answer = isV2
            ? await http.DeleteAsync(new Uri(etcd, $"/v2/keys{Prefix}?recursive=true"))
            : await http.PostAsJsonAsync(new Uri(etcd, "/v3/kv/deleterange"), new JsonObject { ["key"] = Base64(Prefix), ["range_end"] = Base64(Prefix[..^1] + "0") });
        answer.EnsureSuccessStatusCode();
    }

    private async Task PutAsync(string name, string value)
    {
        using FormUrlEncodedContent form = new([new("value", value)]);
        using HttpResponseMessage answer = isV2
            ? await http.PutAsync(new Uri(etcd, $"/v2/keys{Prefix}{name}"), form)
            : await http.PostAsJsonAsync(new Uri(etcd, "/v3/kv/put"), new JsonObject { ["key"] = Base64(Prefix + name), ["value"] = Base64(value) });
        answer.EnsureSuccessStatusCode();
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
