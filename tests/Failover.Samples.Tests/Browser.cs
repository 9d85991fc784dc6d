using Failover.TestServers;
using Microsoft.Playwright;

namespace Failover.Samples.Tests;

/// <summary>The system's Chromium without a window.</summary>
internal sealed class Browser : IAsyncDisposable
{
    internal const string Program = "chromium";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    internal static async Task<Browser> StartAsync()
    {
        IPlaywright playwright = await Playwright.CreateAsync();
        try
        {
            return new(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = RequiredServer.Locate(Program) }));
        }
        catch
        {
            playwright.Dispose();
            throw;
        }
    }

    /// <summary>Begins as somebody who has never been here: without cookies. Whatever is waited for on a page is waited for as long as a busy machine may take.</summary>
    internal async Task<IBrowserContext> NewUserAsync()
    {
        IBrowserContext user = await _browser.NewContextAsync();
        user.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        Assertions.SetDefaultExpectTimeout((float)Patience.TotalMilliseconds);
        return user;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
