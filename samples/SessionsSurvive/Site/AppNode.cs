using Failover.Redis;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.StackExchangeRedis;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using SessionsSurvive.Demo;
using RedisOptions = Microsoft.AspNetCore.SignalR.StackExchangeRedis.RedisOptions;

namespace SessionsSurvive.Site;

/// <summary>One node of the app, as a machine behind a load balancer is. What it must not forget is in Redis, so that each node knows each user.</summary>
internal sealed class AppNode : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AppNode(string name, WebApplication app) => (Name, _app) = (name, app);

    internal string Name { get; }

    internal Uri Address => new(_app.Urls.Single());

    internal Uri? Neighbour { get; set; }

    internal FailoverRedis Redis => _app.Services.GetRequiredService<FailoverRedis>();

    internal static async Task<AppNode> StartAsync(string name, DemoRedis servers)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(Shortened);
        AddServices(builder, servers.ConnectionString);
        WebApplication app = builder.Build();
        AppNode node = new(name, app);
        Map(app);
        app.MapSite(node);
        app.MapDemo(servers, node);
        await app.StartAsync();
        return node;
    }

    internal Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void AddServices(WebApplicationBuilder builder, string connectionString)
    {
        #region docs:services
        // One connection for all of it: sentinel-a,sentinel-b,sentinel-c,serviceName=mymaster
        builder.Services.AddFailover(builder.Configuration.GetSection("Failover"))
            .AddRedis("cache", connectionString)
            .AddHealthEndpoints();

        // Who is logged in stands in a cookie. The keys that it is encrypted with are in Redis: each node reads it.
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(static cookie => cookie.LoginPath = "/login");
        builder.Services.AddAuthorization();
        builder.Services.AddDataProtection().SetApplicationName("sessions-survive");
        builder.Services.AddOptions<KeyManagementOptions>().Configure<FailoverRedis>(static (keys, redis) =>
            keys.XmlRepository = new RedisXmlRepository(() => redis.Connection.GetDatabase(), "data-protection"));

        // The session, and whatever else asks for IDistributedCache.
        builder.Services.AddSession();
        builder.Services.AddStackExchangeRedisCache(static cache => cache.InstanceName = "session:");
        builder.Services.AddOptions<RedisCacheOptions>().Configure<FailoverRedis>(static (cache, redis) =>
            cache.ConnectionMultiplexerFactory = () => redis.ConnectAsync(CancellationToken.None));

        // A message that is sent on one node reaches those who are connected to another. It listens once, when it has the connection: so it gets one that works, or an exception, and then it asks again.
        builder.Services.AddSignalR().AddStackExchangeRedis();
        builder.Services.AddOptions<RedisOptions>().Configure<FailoverRedis>(static (backplane, redis) => backplane.ConnectionFactory = async _ =>
        {
            await redis.ExecuteAsync(static (database, _) => database.PingAsync(), new() { IsIdempotent = true }, CancellationToken.None);
            return await redis.ConnectAsync(CancellationToken.None);
        });

        // A demo's servers have no fence (min-replicas-to-write): yours should.
        builder.Services.AddHealthChecks().AddRedis("cache", static check => check.RequireMinReplicasToWrite = false);
        #endregion
    }

    private static void Map(WebApplication app)
    {
        app.UseExceptionHandler(static failed => failed.Run(static context => context.Response.WriteAsync(Words(context.Features.Get<IExceptionHandlerFeature>()!.Error))));
        #region docs:app
        // Both end the connection that they share when the app ends, and the hub takes it badly if it is not the first to do so: what is made first is ended last.
        _ = app.Services.GetRequiredService<IDistributedCache>();

        app.UseAuthentication();
        app.UseAuthorization();
        app.UseSession();
        app.MapHub<MessagesHub>("/messages").RequireAuthorization();
        app.MapFailoverHealth("/health");
        #endregion
    }

    /// <summary>What a demo tells, and an app of yours does not: the kind of the error, and whether the command was executed.</summary>
    private static string Words(Exception error) => $"{error.GetType().Name}, {RedisOutcome.Of(error)}: {error.Message.Split(['(', ','])[0]}";

    // Each second shows something: the defaults are 10 s and 2 s.
    private static readonly Dictionary<string, string?> Shortened = new()
    {
        ["Failover:Health:Period"] = "00:00:01",
        ["Failover:Health:FailurePeriod"] = "00:00:00.300",
    };
}
