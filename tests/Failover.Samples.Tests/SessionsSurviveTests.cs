using System.Text.RegularExpressions;
using Failover.TestServers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Failover.Samples.Tests;

/// <summary>One of the samples that wait most of their time, one after the other, beside those that want a processor for themselves.</summary>
[Collection("beside the others")]
public sealed class SessionsSurviveTests
{
    [ServerFact("redis-server")]
    public async Task A_user_stays_logged_in_while_the_master_is_moved_and_killed_and_every_promise_holds()
    {
        await using var sample = Sample.Start("SessionsSurvive", []);

        int code = await sample.EndAsync();

        Assert.True(code == 0, sample.Output);
        string[] lines = sample.Output.Split(Environment.NewLine);
        Assert.Equal(9, lines.Count(line => line.StartsWith("held ", StringComparison.Ordinal)));
        Assert.Equal(Page.PromisesIn(Page.OutputOf("docs/redis-sessions.md", "SessionsSurvive")), Page.PromisesIn(sample.Output));
        Assert.Contains(lines, line => line.Contains(">> External: redis-1 -> redis-", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains(">> Failover: redis-", StringComparison.Ordinal));
    }

    [ServerFact("redis-server", Browser.Program)]
    public async Task A_user_in_a_browser_stays_logged_in_and_counts_on_and_hears_of_others_after_each_failover()
    {
        await using var sample = Sample.Start("SessionsSurvive", ["--serve"]);
        string here = AddressIn(await sample.ReadToAsync("Open it:")), there = AddressIn(await sample.ReadToAsync("another node:"));
        await using Browser browser = await Browser.StartAsync();
        IBrowserContext user = await browser.NewUserAsync();
        IPage page = await user.NewPageAsync();
        await page.GotoAsync(here);
        await Expect(page).ToHaveURLAsync(new Regex("/login"));
        await page.FillAsync("[name=user]", "Grace");
        await page.ClickAsync("button");
        await Expect(page.Locator("#user")).ToHaveTextAsync("Grace");
        await page.WaitForSelectorAsync("[data-listening=yes]");
        await CountsAsync(page, 1);
        string first = await MasterAsync(page, otherThan: "…");

        // The other node was told nothing: what it knows of her is in Redis.
        IPage other = await user.NewPageAsync();
        await other.GotoAsync(there);
        await Expect(other.Locator("#user")).ToHaveTextAsync("Grace");
        await Expect(other.Locator("#node")).ToHaveTextAsync("node-2");
        await Expect(other.Locator("#count")).ToHaveTextAsync("1");
        await HearsAsync(page, other, "before");

        await page.ClickAsync("[data-act=switch]");
        string second = await MasterAsync(page, otherThan: first);
        await Expect(page.Locator("#switchover")).ToContainTextAsync($"{first} -> {second}");
        await CountsAsync(page, 2);
        await CountsAsync(other, 3);
        await HearsAsync(page, other, "after a planned failover");

        await page.ClickAsync("[data-act=kill]");
        string third = await MasterAsync(page, otherThan: second);
        await CountsAsync(page, 4);
        await CountsAsync(other, 5);
        await HearsAsync(page, other, "after a kill");

        // The same pages as at the beginning: nobody was sent to log in, no connection for messages was made anew; and what is loaded now knows her, too.
        Assert.Equal(3, new[] { first, second, third }.Distinct().Count());
        Assert.Null(await page.GetAttributeAsync("body", "data-losses"));
        await page.ReloadAsync();
        await Expect(page.Locator("#user")).ToHaveTextAsync("Grace");
        await Expect(page.Locator("#count")).ToHaveTextAsync("5");
    }

    [Fact]
    public async Task It_says_what_it_does_not_understand()
    {
        await using var sample = Sample.Start("SessionsSurvive", ["--server"]);

        Assert.Equal(2, await sample.EndAsync());
    }

    private static string AddressIn(string line) => line.Split(' ').Single(static word => word.StartsWith("http", StringComparison.Ordinal));

    private static async Task CountsAsync(IPage page, int expected)
    {
        await page.ClickAsync("#count-up");
        await Expect(page.Locator("#count")).ToHaveTextAsync($"{expected}");
        await Expect(page.Locator("#trouble")).ToHaveTextAsync("");
    }

    /// <summary>Waits until the page shows another master, which is settled.</summary>
    private static async Task<string> MasterAsync(IPage page, string otherThan)
    {
        await Expect(page.Locator("#master")).Not.ToHaveTextAsync(otherThan);
        await Expect(page.Locator("#condition")).ToHaveTextAsync("Settled");
        return await page.Locator("#master").TextContentAsync() ?? "";
    }

    /// <summary>Says the same on one page until the other, on another node, shows it: Redis keeps no message for a node that does not listen again yet.</summary>
    private static async Task HearsAsync(IPage listener, IPage speaker, string words)
    {
        ILocator heard = listener.Locator("#messages li", new() { HasText = words });
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(200));
        while (await heard.CountAsync() == 0)
        {
            await speaker.FillAsync("#text", words);
            await speaker.ClickAsync("#say button");
            await pause.WaitForNextTickAsync(limit.Token);
        }
    }
}
