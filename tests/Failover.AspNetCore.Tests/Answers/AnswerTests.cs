using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.AspNetCore.Tests.Answers;

public class AnswerTests
{
    [Fact]
    public async Task Each_verdict_has_an_endpoint_that_says_200_or_503()
    {
        TestCheck check = TestCheck.Healthy;
        await using App app = await App.StartAsync(("disk", check, ["local"]));
        await app.OperationalAsync();
        Assert.Equal("200 200 200 200", await StatusesAsync(app));

        check.Say(HealthStatus.Unhealthy);
        await app.NotOperationalAsync();
        Assert.Equal("503 503 200 200", await StatusesAsync(app));
        Assert.Equal("""{"status":"fail"}""", await app.BodyAsync("/health"));
        Assert.Equal("""{"status":"pass"}""", await app.BodyAsync("/health/live"));
    }

    [Fact]
    public async Task What_degrades_leaves_the_node_in_service_with_a_warning()
    {
        TestCheck cache = TestCheck.Healthy;
        await using App app = await App.StartAsync(builder => builder.Services.AddHealthChecks().AddCheck("cache", cache, HealthStatus.Degraded));
        await app.OperationalAsync();
        cache.Say(HealthStatus.Degraded);
        await app.NotOperationalAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await app.StatusAsync("/health"));
        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/health/ready"));
        Assert.Equal("""{"status":"warn"}""", await app.BodyAsync("/health/ready"));
    }

    [Fact]
    public async Task A_node_says_503_until_its_critical_checks_have_passed_once_and_is_alive_meanwhile()
    {
        TaskCompletionSource passes = new();
        await using App app = await App.StartAsync(("db", new TestCheck(async token => { await passes.Task.WaitAsync(token); return HealthCheckResult.Healthy(); }), []));

        Assert.Equal("503 503 200 503", await StatusesAsync(app));
        passes.SetResult();
        await app.OperationalAsync();
        Assert.Equal("200 200 200 200", await StatusesAsync(app));
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/health/ready")]
    [InlineData("/health/live")]
    [InlineData("/health/startup")]
    public async Task A_head_gets_the_headers_of_a_get_and_no_body(string path)
    {
        await using App app = await App.StartAsync(("db", TestCheck.Unhealthy, []));

        string get = await Wire.AskAsync(app.Port, $"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        string head = await Wire.AskAsync(app.Port, $"HEAD {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        Assert.Equal(WithoutDate(get[..(get.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)]), WithoutDate(head));
        Assert.Contains("Content-Length: 17\r\n", head, StringComparison.Ordinal);
        Assert.EndsWith("\"}", get, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    [InlineData("NONSENSE")]
    public async Task Every_other_method_is_refused_with_those_that_are_taken(string method)
    {
        await using App app = await App.StartAsync();
        using HttpRequestMessage request = new(new(method), "/health/live");
        using HttpResponseMessage response = await app.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow);
        Assert.Equal(0, response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task No_answer_may_be_kept_and_a_refusal_says_when_to_ask_again()
    {
        await using App app = await App.StartAsync(("db", TestCheck.Unhealthy, []));
        using HttpResponseMessage down = await app.Client.GetAsync("/health");
        using HttpResponseMessage up = await app.Client.GetAsync("/health/live");

        Assert.True(down.Headers.CacheControl!.NoStore);
        Assert.True(up.Headers.CacheControl!.NoStore);
        Assert.True(down.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        Assert.Null(up.Headers.RetryAfter);
        Assert.Equal(17, up.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task A_refusal_says_to_ask_again_when_the_next_outcome_is_due()
    {
        await using App app = await App.StartAsync(builder =>
        {
            builder.Configuration["Failover:Health:Period"] = "00:10:00";
            builder.Configuration["Failover:Health:FailurePeriod"] = "00:00:40";
            builder.Services.AddHealthChecks().AddCheck("db", TestCheck.Unhealthy);
        });
        await App.UntilAsync(() => app.Health.Snapshot.Checks[0].Status is not null, "the check has run");
        using HttpResponseMessage response = await app.Client.GetAsync("/health");

        // 40 seconds, a tenth more or less, and what the machine took to get here.
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 5, 45);
    }

    [Theory]
    [InlineData(null, "application/health+json")]
    [InlineData("*/*", "application/health+json")]
    [InlineData("application/json", "application/health+json")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/health+json")]
    [InlineData("application/json, text/plain, */*", "application/health+json")]
    [InlineData("text/plain;q=0.5, application/health+json;q=0.6", "application/health+json")]
    [InlineData("text/plain;q=0", "application/health+json")]
    [InlineData("text/plain;q=garbage", "application/health+json")]
    [InlineData("text/plain;q=7", "application/health+json")]
    [InlineData("text/plain;q=-1", "application/health+json")]
    [InlineData("text/plainer", "application/health+json")]
    [InlineData(";;;,,,q=q=,text/plain/text", "application/health+json")]
    [InlineData("image/png", "application/health+json")]
    [InlineData("text/plain", "text/plain")]
    [InlineData("TEXT/Plain ; charset=utf-8", "text/plain")]
    [InlineData("text/plain, */*", "text/plain")]
    [InlineData(",,text/plain,", "text/plain")]
    [InlineData("application/json;q=0.3, text/plain;q=0.9", "text/plain")]
    public async Task Who_would_rather_have_text_gets_text_and_whoever_asks_for_anything_else_gets_json(string? accept, string expected)
    {
        await using App app = await App.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, "/health/live");
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        using HttpResponseMessage response = await app.Client.SendAsync(request);

        Assert.Equal(expected, response.Content.Headers.ContentType!.ToString());
        Assert.Equal(expected == "text/plain" ? "pass" : """{"status":"pass"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Several_accept_headers_count_as_one()
    {
        await using App app = await App.StartAsync();
        string text = await Wire.AskAsync(app.Port, "GET /health/live HTTP/1.1\r\nHost: a\r\nAccept: image/png\r\nAccept: text/plain\r\nConnection: close\r\n\r\n");
        string json = await Wire.AskAsync(app.Port, "GET /health/live HTTP/1.1\r\nHost: a\r\nAccept: application/json\r\nAccept: text/plain\r\nConnection: close\r\n\r\n");

        Assert.EndsWith("\r\n\r\npass", text, StringComparison.Ordinal);
        Assert.EndsWith("\"}", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ui_of_the_health_checks_is_answered_in_its_own_shape()
    {
        await using App app = await App.StartAsync(builder => builder.Configuration["Failover:HealthEndpoints:Format"] = "HealthChecksUi");
        await app.OperationalAsync();
        using HttpResponseMessage response = await app.Client.GetAsync("/health");

        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("""{"status":"Healthy","totalDuration":"00:00:00","entries":{}}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_endpoint_with_tags_goes_by_the_checks_that_bear_them()
    {
        await using App app = await App.StartAsync(
            builder => builder.Services.AddHealthChecks().AddCheck("db", TestCheck.Unhealthy, tags: ["DB"]).AddCheck("disk", TestCheck.Healthy, tags: ["local"]),
            (app, _) =>
            {
                app.MapFailoverHealth("/health");
                app.MapFailoverHealth("/health/db", HealthVerdict.Operational, o => o.Tags.Add("db"));
                app.MapFailoverHealth("/health/local", o => o.Tags.Add("Local"));
            });
        await App.UntilAsync(() => app.Health.Snapshot.Checks.All(check => check.Status is not null), "both checks have run");

        Assert.Equal(503, (int)await app.StatusAsync("/health"));
        Assert.Equal(503, (int)await app.StatusAsync("/health/db"));
        Assert.Equal(200, (int)await app.StatusAsync("/health/local"));
        Assert.Equal(200, (int)await app.StatusAsync("/health/local/startup"));

        // A node that leaves does so as a whole.
        app.Drain.Begin("test");
        Assert.Equal(503, (int)await app.StatusAsync("/health/local"));
    }

    private static async Task<string> StatusesAsync(App app)
    {
        List<int> statuses = [];
        foreach (string path in new[] { "/health", "/health/ready", "/health/live", "/health/startup" })
        {
            statuses.Add((int)await app.StatusAsync(path));
        }

        return string.Join(' ', statuses);
    }

    private static string WithoutDate(string head) => string.Join('\n', head.Split("\r\n").Where(line => !line.StartsWith("Date:", StringComparison.Ordinal)));
}
