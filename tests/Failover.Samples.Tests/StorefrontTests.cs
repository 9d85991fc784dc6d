using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Failover.Samples.Tests;

public sealed class StorefrontTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_storefront_goes_on_selling_when_its_catalog_is_killed()
    {
        string[] members = [.. FreePorts(2).Select(port => $"http://127.0.0.1:{port}")];
        await using var storefront = Sample.Start(
            "Storefront",
            ["--urls=http://127.0.0.1:0", $"--Failover:Groups:catalog:Members:0:Address={members[0]}", $"--Failover:Groups:catalog:Members:1:Address={members[1]}"],
            ("ASPNETCORE_ENVIRONMENT", "Development"));
        string listening = await storefront.ReadToAsync("Now listening on: ");
        using var client = new HttpClient { BaseAddress = new Uri(listening[listening.IndexOf("http", StringComparison.Ordinal)..]) };
        await ShowsAsync(client, "catalog-a");
        Assert.Equal("catalog-a", await ServedByAsync(client));

        using HttpResponseMessage killed = await client.PostAsync("/demo/catalog-a/kill", null);

        // No request fails, the first after the kill included; and after a few the group has moved.
        Assert.Equal(HttpStatusCode.OK, killed.StatusCode);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal("catalog-b", await ServedByAsync(client));
        }

        JsonElement status = await ShowsAsync(client, "catalog-b");
        Assert.Equal("Failover", status.GetProperty("lastSwitchover").GetProperty("cause").GetString());
        string page = await client.GetStringAsync("/");
        Assert.Contains("Served by <b>catalog-b</b>", page, StringComparison.Ordinal);
        Assert.Contains("Last switchover: Failover from catalog-a to catalog-b", page, StringComparison.Ordinal);

        // Without any catalog the page stays up, to show how the group stands and to start one again.
        using HttpResponseMessage other = await client.PostAsync("/demo/catalog-b/kill", null);
        using HttpResponseMessage closed = await client.GetAsync("/");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, closed.StatusCode);
        page = await closed.Content.ReadAsStringAsync();
        Assert.Contains("Nothing is on sale, for no catalog answers: ", page, StringComparison.Ordinal);
        Assert.Contains("/demo/catalog-a/start", page, StringComparison.Ordinal);
        using HttpResponseMessage started = await client.PostAsync("/demo/catalog-a/start", null);
        Assert.Equal("catalog-a", await ServedByAsync(client));
    }

    private static async Task<string?> ServedByAsync(HttpClient client) =>
        (await client.GetFromJsonAsync<JsonElement>("/products")).GetProperty("servedBy").GetString();

    /// <summary>Waits until the group shows this active member.</summary>
    private static async Task<JsonElement> ShowsAsync(HttpClient client, string active)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            JsonElement status = await client.GetFromJsonAsync<JsonElement>("/failover", limit.Token);
            if (status.GetProperty("active").GetString() == active)
            {
                return status;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }
    }

    /// <summary>Ports that were free just now: the upstreams need to come back on the same ones.</summary>
    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in listeners)
        {
            listener.Start();
        }

        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        foreach (TcpListener listener in listeners)
        {
            listener.Dispose();
        }

        return ports;
    }
}
