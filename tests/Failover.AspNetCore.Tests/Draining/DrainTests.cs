using System.Net;
using Failover.AspNetCore.Tests.Answers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Failover.AspNetCore.Tests.Draining;

public class DrainTests
{
    [Fact]
    public async Task A_node_that_drains_says_so_at_once_and_goes_on_serving()
    {
        await using App app = await App.StartAsync(_ => { }, (app, _) =>
        {
            app.MapFailoverHealth("/health");
            app.MapGet("/other", () => "other");
        });
        app.Drain.Begin("deployment");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await app.StatusAsync("/health"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await app.StatusAsync("/health/ready"));
        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/health/live"));
        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/health/startup"));
        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/other"));

        app.Drain.End("deployment");
        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/health"));
    }

    [Fact]
    public async Task Every_answer_of_a_node_that_drains_tells_clients_to_leave_and_no_other_does()
    {
        await using App app = await App.StartAsync(
            builder => builder.Configuration["Failover:Draining:StayAway"] = "00:00:42",
            (app, _) =>
            {
                app.UseExceptionHandler(error => error.Run(context => context.Response.WriteAsync("sorry")));
                app.MapFailoverHealth("/health");
                app.MapGet("/other", () => "other");
                app.MapGet("/throws", IResult () => throw new InvalidOperationException("broken"));
            });
        string[] paths = ["/health", "/health/live", "/other", "/throws", "/nothing"];
        foreach (string path in paths)
        {
            using HttpResponseMessage response = await app.Client.GetAsync(path);
            Assert.False(response.Headers.Contains("Failover-Drain"));
        }

        app.Drain.Begin("deployment");
        foreach (string path in paths)
        {
            using HttpResponseMessage response = await app.Client.GetAsync(path);
            Assert.Equal(["42"], response.Headers.GetValues("Failover-Drain"));
            Assert.True(response.Headers.CacheControl!.NoStore);
            Assert.NotEqual(true, response.Headers.ConnectionClose);
        }
    }

    [Fact]
    public async Task A_file_drains_the_node_as_long_as_it_exists()
    {
        string file = Path.Combine(Path.GetTempPath(), $"failover-drain-{Guid.NewGuid():N}");
        try
        {
            await using App app = await App.StartAsync(builder =>
            {
                builder.Configuration["Failover:Draining:File"] = file;
                builder.Configuration["Failover:Draining:FilePeriod"] = "00:00:00.100";
            });
            Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/health"));

            await File.WriteAllTextAsync(file, "");
            await App.UntilAsync(() => app.Drain.IsDraining, "the file was seen");
            Assert.Equal(["file"], app.Drain.Reasons);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await app.StatusAsync("/health"));

            File.Delete(file);
            await App.UntilAsync(() => !app.Drain.IsDraining, "it was missed");
            Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/health"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_node_that_starts_beside_its_drain_file_is_never_in_service()
    {
        string file = Path.GetTempFileName();
        try
        {
            await using App app = await App.StartAsync(builder => builder.Configuration["Failover:Draining:File"] = file);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, await app.StatusAsync("/health/ready"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Who_satisfies_the_policy_drains_by_request_and_nobody_else_whatever_the_groups_around_allow()
    {
        await using App app = await App.StartAsync(Keys, (app, _) =>
        {
            app.MapFailoverHealth("/health");
            app.MapGroup("/open").AllowAnonymous().MapFailoverDrain("/drain", "ops");
        });

        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(app, "POST", null)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(app, "POST", "guest")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(app, "DELETE", "wrong")).Status);
        Assert.False(app.Drain.IsDraining);

        Assert.Equal((HttpStatusCode.OK, """{"draining":true,"reasons":["manual"]}"""), await SendAsync(app, "POST", "ops"));
        Assert.Equal((HttpStatusCode.OK, """{"draining":true,"reasons":["manual"]}"""), await SendAsync(app, "POST", "ops"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await app.StatusAsync("/health"));

        app.Drain.Begin("file");
        Assert.Equal((HttpStatusCode.OK, """{"draining":true,"reasons":["file"]}"""), await SendAsync(app, "DELETE", "ops"));
        app.Drain.End("file");
        Assert.Equal((HttpStatusCode.OK, """{"draining":false,"reasons":[]}"""), await SendAsync(app, "GET", "ops"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await SendAsync(app, "PUT", "ops")).Status);
        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/health"));
    }

    [Fact]
    public async Task The_page_of_somebody_else_does_not_drain_by_the_browser_of_an_operator()
    {
        await using App app = await App.StartAsync(Keys, (app, _) => app.MapFailoverDrain("/open/drain", "ops"));

        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(app, "POST", "ops", "cross-site")).Status);
        Assert.False(app.Drain.IsDraining);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(app, "POST", "ops", "same-origin")).Status);
        Assert.True(app.Drain.IsDraining);
    }

    [Fact]
    public async Task A_drain_endpoint_without_a_policy_that_is_there_stops_the_start()
    {
        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() => App.StartAsync(Keys, (app, _) => app.MapFailoverDrain("/drain", "opps")));

        Assert.Equal("The drain endpoint /drain asks for the authorization policy 'opps', which is not there: add it with AddAuthorization().", refused.Message);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => App.StartAsync(Keys, (app, _) => app.MapFailoverDrain("/drain", " ")));
    }

    // Browsers send Sec-Fetch-Site only to addresses that they trust; plain http in a private network gets the origin alone.
    [Theory]
    [InlineData("http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.OK)]
    public async Task A_page_of_another_origin_drains_nothing(string? origin, HttpStatusCode expected)
    {
        await using App app = await App.StartAsync(Keys, (app, _) => app.MapFailoverDrain("/open/drain", "ops"));
        using HttpRequestMessage request = new(HttpMethod.Post, "/open/drain");
        request.Headers.Add("X-Key", "ops");
        request.Headers.Add("Origin", origin);
        using HttpResponseMessage response = await app.Client.SendAsync(request);
        using HttpRequestMessage own = new(HttpMethod.Delete, "/open/drain");
        own.Headers.Add("X-Key", "ops");
        own.Headers.Add("Origin", app.Client.BaseAddress!.GetLeftPart(UriPartial.Authority));
        using HttpResponseMessage ofItsOwn = await app.Client.SendAsync(own);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, ofItsOwn.StatusCode);
    }

    private static void Keys(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication("Key").AddScheme<AuthenticationSchemeOptions, AccessTests.KeyHandler>("Key", null);
        builder.Services.AddAuthorizationBuilder().AddPolicy("ops", policy => policy.RequireRole("ops"));
    }

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(App app, string method, string? key, string? site = null)
    {
        using HttpRequestMessage request = new(new(method), "/open/drain");
        request.Headers.Add("X-Key", key);
        request.Headers.Add("Sec-Fetch-Site", site);
        using HttpResponseMessage response = await app.Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
