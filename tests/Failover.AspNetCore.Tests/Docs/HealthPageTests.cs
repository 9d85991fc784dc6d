using System.Net;
using Failover.HealthChecks;
using Grpc.AspNetCore.HealthChecks;
using Grpc.HealthCheck;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Failover.AspNetCore.Tests.Docs;

/// <summary>What docs/health-endpoints.md shows, compiled and run.</summary>
public class HealthPageTests
{
    [Fact]
    public async Task The_page_maps_what_it_says()
    {
        await using App app = await App.StartAsync(
            builder =>
            {
                #region docs:register
                builder.Services.AddFailover(builder.Configuration.GetSection("Failover")).AddHealthEndpoints();
                #endregion
                builder.Services.AddAuthentication("Key").AddScheme<AuthenticationSchemeOptions, Answers.AccessTests.KeyHandler>("Key", null);
                builder.Services.AddAuthorizationBuilder().AddPolicy("ops", policy => policy.RequireRole("ops"));
                builder.Services.AddHealthChecks().AddCheck("db", TestCheck.Healthy, tags: ["db"]);
            },
            (app, _) =>
            {
                #region docs:map
                app.MapFailoverHealth("/health");
                #endregion
                #region docs:more
                app.MapFailoverHealth("/readyz", HealthVerdict.CanServe);                                             // one verdict, on a path of its own
                app.MapFailoverHealth("/health/db", HealthVerdict.Operational, o => o.Tags.Add("db"));                // over the checks that bear a tag
                app.MapFailoverHealth("/internal/health", o => (o.Port, o.ManagementPort) = (9000, 9000));            // on a port of the operators alone, with details
                app.MapFailoverHealth("/edge/health").RequireHost("health.example.com");                              // for one host alone
                #endregion
                #region docs:drain
                app.MapFailoverDrain("/health/drain", policy: "ops");
                #endregion
            });
        await app.OperationalAsync();

        foreach (string path in new[] { "/health", "/health/ready", "/health/live", "/health/startup", "/readyz", "/health/db" })
        {
            Assert.Equal(HttpStatusCode.OK, await app.StatusAsync(path));
        }

        Assert.Equal(HttpStatusCode.NotFound, await app.StatusAsync("/internal/health"));
        Assert.Equal(HttpStatusCode.NotFound, await app.StatusAsync("/edge/health"));
        Assert.Equal(HttpStatusCode.Unauthorized, await app.StatusAsync("/health/drain"));
    }

    [Fact]
    public async Task Peers_are_registered_as_it_shows()
    {
        await using App app = await App.StartAsync(
            builder =>
            {
                builder.Configuration["Failover:Peers:Key"] = "a secret that all nodes share";
                #region docs:peers-register
                builder.Services.AddFailover(builder.Configuration.GetSection("Failover")).AddHealthEndpoints().AddPeers();
                #endregion
            },
            (app, _) =>
            {
                #region docs:peers-map
                app.MapFailoverPeer("/health/peer");
                #endregion
            });

        Assert.Equal(HttpStatusCode.Unauthorized, await app.StatusAsync("/health/peer"));
    }

    internal static void AddGrpc(WebApplicationBuilder builder)
    {
        #region docs:grpc-register
        builder.Services.AddGrpc();
        builder.Services.AddGrpcHealthChecks();
        builder.Services.Configure<GrpcHealthChecksOptions>(options =>
        {
            options.Services.Clear();                 // nothing is published by a timer: what is set below holds
            options.UseHealthChecksCache = true;
        });
        #endregion
    }

    internal static void MapGrpc(WebApplication app)
    {
        #region docs:grpc-map
        app.MapGrpcHealthChecksService();
        var health = app.Services.GetRequiredService<NodeHealth>();
        var grpc = app.Services.GetRequiredService<HealthServiceImpl>();
        void Tell() => grpc.SetStatus("", health.Verdicts.CanServe ? ServingStatus.Serving : ServingStatus.NotServing);
        ChangeToken.OnChange(health.GetChangeToken, Tell);
        Tell();
        #endregion
    }
}
