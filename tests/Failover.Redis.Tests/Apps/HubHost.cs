using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using BackplaneOptions = Microsoft.AspNetCore.SignalR.StackExchangeRedis.RedisOptions;

namespace Failover.Redis.Tests.Apps;

/// <summary>A host with a hub whose backplane is the connection of a group.</summary>
internal sealed class HubHost : IAsyncDisposable
{
    internal const string Said = "said";

    private readonly WebApplication _app;

    private HubHost(WebApplication app)
    {
        // Asked for before there is a hub: what a container gives first it ends last, and the hub takes its leave over the connection.
        (_app, Redis) = (app, app.Services.GetRequiredKeyedService<FailoverRedis>("cache"));
    }

    internal Uri Hub => new(new Uri(_app.Urls.Single()), "/hub");

    internal FailoverRedis Redis { get; }

    internal static async Task<HubHost> StartAsync(string connectionString, TimeSpan? startTimeout = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddFailover().AddRedis("cache", connectionString, redis => redis.Configure(options => options.StartTimeout = startTimeout ?? options.StartTimeout));
        builder.Services.AddSignalR().AddStackExchangeRedis();
        builder.Services.AddOptions<BackplaneOptions>().Configure<FailoverRedis>(static (backplane, redis) => backplane.ConnectionFactory = async _ =>
        {
            await redis.ExecuteAsync(static (database, _) => database.PingAsync(), new() { IsIdempotent = true }, CancellationToken.None);
            return await redis.ConnectAsync(CancellationToken.None);
        });
        WebApplication app = builder.Build();
        HubHost host = new(app);
        app.MapHub<Silent>("/hub");
        await app.StartAsync();
        return host;
    }

    internal Task SayAsync(string words) => _app.Services.GetRequiredService<IHubContext<Silent>>().Clients.All.SendAsync(Said, words);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed class Silent : Hub;
}
