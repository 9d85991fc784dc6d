namespace Storefront.Demo;

/// <summary>A small catalog server: what runs in the demo's child processes. Ends when its standard input does: with its parent.</summary>
internal static class DemoUpstream
{
    internal const string Mode = "--demo-upstream";

    internal static async Task<int> RunAsync(string name, string address)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using WebApplication app = builder.Build();
        app.Urls.Add(address);
        app.MapGet("/health", () => "ok");
        app.MapGet("/products", () => new Catalog(name, [new("Tea pot", 24.50m), new("Tea, 100 g", 7.90m)]));
        try
        {
            await app.StartAsync();
        }
        catch (IOException)
        {
            // The address is in use: the parent says so.
            return 1;
        }

        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        return 0;
    }
}
