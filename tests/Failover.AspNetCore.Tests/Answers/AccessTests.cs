using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Failover.AspNetCore.Tests.Answers;

public class AccessTests
{
    [Fact]
    public async Task Who_satisfies_the_policy_sees_details_and_nobody_is_refused_the_status()
    {
        await using App app = await App.StartAsync(Keys, (app, _) => app.MapFailoverHealth("/health", o => o.DetailsPolicy = "ops"));

        Assert.Equal("""{"status":"pass"}""", await AskAsync(app, null));
        Assert.Equal("""{"status":"pass"}""", await AskAsync(app, "wrong"));
        Assert.Equal("""{"status":"pass"}""", await AskAsync(app, "guest"));
        Assert.Contains("\"checks\":{", await AskAsync(app, "ops"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_that_throws_lets_nobody_see_details_and_the_status_is_told()
    {
        await using App app = await App.StartAsync(Keys, (app, _) => app.MapFailoverHealth("/health", o => o.DetailsPolicy = "ops"));

        Assert.Equal("""{"status":"pass"}""", await AskAsync(app, "throw"));
        Assert.Contains(app.Log.GetSnapshot(), record => record.Id == 5001 && record.Message.Contains("InvalidOperationException", StringComparison.Ordinal));
        Assert.DoesNotContain(app.Log.GetSnapshot(), record => record.Message.Contains("hush", StringComparison.Ordinal) || record.Exception is not null);
    }

    [Fact]
    public async Task A_policy_that_is_not_there_stops_the_start()
    {
        InvalidOperationException unknown = await Assert.ThrowsAsync<InvalidOperationException>(() => App.StartAsync(builder => { Keys(builder); builder.Configuration["Failover:HealthEndpoints:DetailsPolicy"] = "opps"; }));
        InvalidOperationException nothing = await Assert.ThrowsAsync<InvalidOperationException>(() => App.StartAsync(_ => { }, (app, _) => app.MapFailoverHealth("/health", o => o.DetailsPolicy = "ops")));

        Assert.Equal("The health endpoint /health asks for the authorization policy 'opps', which is not there: add it with AddAuthorization().", unknown.Message);
        Assert.Equal("The health endpoint /health asks for the authorization policy 'ops', and the app has no authorization: call AddAuthorization().", nothing.Message);
    }

    [Fact]
    public async Task A_condition_is_given_to_all_four_endpoints()
    {
        await using App app = await App.StartAsync(Keys, (app, _) => app.MapFailoverHealth("/health").RequireAuthorization("ops"));

        foreach (string path in new[] { "/health", "/health/ready", "/health/live", "/health/startup" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await app.StatusAsync(path));
            Assert.Equal("""{"status":"pass"}""", await AskAsync(app, "ops", path));
        }
    }

    [Fact]
    public async Task A_group_of_endpoints_gives_its_conditions_to_them_and_a_host_is_one()
    {
        await using App app = await App.StartAsync(Keys, (app, _) =>
        {
            app.MapGroup("/internal").RequireAuthorization("ops").MapFailoverHealth("/health");
            app.MapFailoverHealth("/health").RequireHost("health.example.com");
        });

        Assert.Equal(HttpStatusCode.Unauthorized, await app.StatusAsync("/internal/health/live"));
        Assert.Equal("""{"status":"pass"}""", await AskAsync(app, "ops", "/internal/health/live"));
        Assert.Equal(HttpStatusCode.NotFound, await app.StatusAsync("/health/live"));
        Assert.StartsWith("HTTP/1.1 200", await Wire.AskAsync(app.Port, "GET /health/live HTTP/1.1\r\nHost: health.example.com\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_for_all_that_has_none_does_not_keep_probers_out()
    {
        await using App app = await App.StartAsync(
            builder =>
            {
                Keys(builder);
                builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
            },
            (app, _) =>
            {
                app.MapFailoverHealth("/health");
                app.MapGet("/other", () => "other");
            });

        Assert.Equal(HttpStatusCode.Unauthorized, await app.StatusAsync("/other"));
        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/health/live"));
    }

    private static void Keys(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication("Key").AddScheme<AuthenticationSchemeOptions, KeyHandler>("Key", null);
        builder.Services.AddAuthorizationBuilder().AddPolicy("ops", policy => policy.RequireRole("ops"));
    }

    private static async Task<string> AskAsync(App app, string? key, string path = "/health")
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.Add("X-Key", key);
        using HttpResponseMessage response = await app.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    internal sealed class KeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers["X-Key"].ToString() switch
        {
            "" => AuthenticateResult.NoResult(),
            "throw" => throw new InvalidOperationException("hush3"),
            "ops" or "guest" => AuthenticateResult.Success(new(new(new ClaimsIdentity([new(ClaimTypes.Role, Request.Headers["X-Key"].ToString())], "Key")), "Key")),
            _ => AuthenticateResult.Fail("wrong key"),
        });
    }
}
