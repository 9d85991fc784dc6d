using System.Diagnostics;
using System.Net;
using Failover.TestServers;

namespace Failover.Samples.Tests;

public sealed class HealthyShopTests
{
    [ServerFact("postgres", "redis-server", "setpriv")]
    public async Task The_shop_says_how_it_is_while_each_of_its_parts_is_broken_and_put_right()
    {
        await using var shop = Sample.Start("HealthyShop", []);

        int code = await shop.EndAsync();

        Assert.True(code == 0, shop.Output);
        string[] promises = [.. shop.Output.Split(Environment.NewLine).Where(line => line.StartsWith("held ", StringComparison.Ordinal))];
        Assert.DoesNotContain("BROKEN", shop.Output, StringComparison.Ordinal);
        foreach (string promise in (string[])["Redis is killed: /health said 503, /health/ready 200.", "The disk of this node is nearly full: /health said 503, /health/ready 503.", "The node is drained: /health said 503, /health/ready 503.", "Failover-Drain: 60."])
        {
            Assert.Contains(promises, held => held.EndsWith(promise, StringComparison.Ordinal));
        }

        Assert.Equal(OperatingSystem.IsLinux(), promises.Any(held => held.EndsWith("PostgreSQL is frozen: /health said 503, /health/ready 200.", StringComparison.Ordinal)));
    }

    [ServerFact("postgres", "redis-server", "setpriv")]
    public async Task The_shop_stays_up_for_people_who_break_it_themselves_and_puts_everything_right_on_enter()
    {
        await using var shop = Sample.Start("HealthyShop", ["--serve"]);
        string curl = await shop.ReadToAsync("curl -i ");
        using var client = new HttpClient { BaseAddress = new Uri(curl.Split(' ').Single(word => word.StartsWith("http", StringComparison.Ordinal))) };
        string drain = (await shop.ReadToAsync("touch ")).Split("touch ")[1];
        string[] end = (await shop.ReadToAsync("kill -TERM ")).Split("kill -TERM ")[1].Split(' ');
        await SaysAsync(client, HttpStatusCode.OK);

        await File.WriteAllTextAsync(drain, "");
        await SaysAsync(client, HttpStatusCode.ServiceUnavailable);
        await shop.EnterAsync();
        await SaysAsync(client, HttpStatusCode.OK);

        using var kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {end[0]}"]);
        await SaysAsync(client, HttpStatusCode.ServiceUnavailable);
        Assert.Equal(0, await shop.EndAsync());
    }

    [Fact]
    public async Task The_shop_says_what_it_does_not_understand()
    {
        await using var shop = Sample.Start("HealthyShop", ["--server"]);

        Assert.Equal(2, await shop.EndAsync());
    }

    /// <summary>Waits until it does.</summary>
    private static async Task SaysAsync(HttpClient client, HttpStatusCode expected)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using HttpResponseMessage response = await client.GetAsync("/health", limit.Token);
            if (response.StatusCode == expected)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }
    }
}
