using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Failover.AspNetCore.Answers;
using Failover.HealthChecks;
using global::HealthChecks.UI.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Failover.AspNetCore.Tests.Answers;

public class DetailsTests
{
    private static readonly JsonSerializerOptions AsTheUi = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    [Fact]
    public async Task Details_are_shown_on_the_management_port_and_nowhere_else()
    {
        await using App app = await App.StartAsync(AddChecks, (app, other) => app.MapFailoverHealth("/health", o => o.ManagementPort = other));
        await app.OperationalAsync();

        Assert.Equal("""{"status":"pass"}""", await app.BodyAsync("/health"));
        JsonElement details = JsonDocument.Parse(await app.BodyAsync(App.On(app.OtherPort, "/health"))).RootElement;

        Assert.Equal("pass", details.GetProperty("status").GetString());
        Assert.True(details.GetProperty("canServe").GetBoolean());
        JsonElement check = details.GetProperty("checks").GetProperty("db:responseTime")[0];
        Assert.Equal("pass", check.GetProperty("status").GetString());
        Assert.Equal("ms", check.GetProperty("observedUnit").GetString());
        Assert.Equal("shared", check.GetProperty("scope").GetString());
        Assert.True(check.GetProperty("since").GetDateTime() <= check.GetProperty("time").GetDateTime());
        Assert.Equal(42, details.GetProperty("checks").GetProperty("db:rows")[0].GetProperty("observedValue").GetInt32());
        Assert.Equal(1.5, details.GetProperty("checks").GetProperty("db:lag")[0].GetProperty("observedValue").GetDouble());
    }

    [Fact]
    public async Task What_a_caller_writes_into_a_request_does_not_make_it_come_to_the_management_port()
    {
        await using App app = await App.StartAsync(AddChecks, (app, other) => app.MapFailoverHealth("/health", o => o.ManagementPort = other));
        string answer = await Wire.AskAsync(app.Port, $"GET http://127.0.0.1:{app.OtherPort}/health/live HTTP/1.1\r\nHost: 127.0.0.1:{app.OtherPort}\r\nX-Forwarded-Port: {app.OtherPort}\r\nX-Forwarded-For: 127.0.0.1\r\nForwarded: for=127.0.0.1\r\nConnection: close\r\n\r\n");

        Assert.EndsWith("\r\n\r\n{\"status\":\"pass\"}", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_with_a_port_is_not_there_on_any_other()
    {
        await using App app = await App.StartAsync(AddChecks, (app, other) => app.MapFailoverHealth("/health", o => o.Port = other));

        foreach (string method in new[] { "GET", "HEAD", "POST", "OPTIONS" })
        {
            string wrong = await Wire.AskAsync(app.Port, $"{method} /health/live HTTP/1.1\r\nHost: localhost:{app.OtherPort}\r\nConnection: close\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n", wrong, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync(App.On(app.OtherPort, "/health/live")));
    }

    [Fact]
    public async Task The_ui_gets_its_entries_with_our_words_for_what_failed()
    {
        await using App app = await App.StartAsync(
            builder => builder.Services.AddHealthChecks().AddCheck("db", new TestCheck(_ => throw new TimeZoneNotFoundException("hush1")), tags: ["sql"]),
            (app, other) => app.MapFailoverHealth("/health", o => (o.ManagementPort, o.Format) = (other, HealthFormat.HealthChecksUi)));
        await App.UntilAsync(() => app.Health.Snapshot.Checks[0].Status is not null, "the check has run");
        UIHealthReport details = JsonSerializer.Deserialize<UIHealthReport>(await app.BodyAsync(App.On(app.OtherPort, "/health")), AsTheUi)!;
        UIHealthReport status = JsonSerializer.Deserialize<UIHealthReport>(await app.BodyAsync("/health"), AsTheUi)!;
        UIHealthReportEntry entry = details.Entries["db"];

        Assert.Equal((UIHealthStatus.Unhealthy, UIHealthStatus.Unhealthy), (details.Status, entry.Status));
        Assert.Equal("unhealthy: TimeZoneNotFoundException", entry.Description);
        Assert.Equal(["sql"], entry.Tags!);
        Assert.Equal(entry.Duration, details.TotalDuration);
        Assert.Equal((UIHealthStatus.Unhealthy, 0), (status.Status, status.Entries.Count));
    }

    [Fact]
    public async Task Groups_are_shown_with_their_active_member_and_their_last_switchover()
    {
        await using App app = await App.StartAsync(
            builder => builder.Services.AddFailover().AddGroup("orders", (_, group) => group
                .UseProbe(new Up())
                .AddMember(new FailoverMember("a", new("tcp://a.example.com:1")))
                .AddMember(new FailoverMember("b", new("tcp://b.example.com:1")))),
            (app, other) => app.MapFailoverHealth("/health", o => o.ManagementPort = other));
        FailoverGroup orders = app.Services.GetRequiredKeyedService<FailoverGroup>("orders");
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        await orders.WaitForActiveAsync(limit.Token);
        string before = await app.BodyAsync(App.On(app.OtherPort, "/health"));
        orders.Drain(orders.Snapshot.Members[0].Member);
        await App.UntilAsync(() => orders.Snapshot is { Active.Name: "b", LastSwitchover.Cause: SwitchoverCause.Drain }, "b is active");
        JsonElement group = JsonDocument.Parse(await app.BodyAsync(App.On(app.OtherPort, "/health"))).RootElement.GetProperty("groups").GetProperty("orders");

        Assert.Contains("\"active\":\"a\"", before, StringComparison.Ordinal);
        Assert.Equal("b", group.GetProperty("active").GetString());
        Assert.Equal("drain", group.GetProperty("lastSwitchover").GetProperty("cause").GetString());
        Assert.Equal(JsonValueKind.Null, group.GetProperty("lastSwitchover").GetProperty("evidence").ValueKind);
        Assert.True(group.GetProperty("members")[0].GetProperty("drained").GetBoolean());
    }

    [Fact]
    public async Task A_body_is_made_once_for_a_snapshot()
    {
        await using App app = await App.StartAsync(builder => builder.Configuration["Failover:Health:Period"] = "01:00:00", null);
        HealthSnapshot snapshot = app.Health.Snapshot;
        HealthAnswer answer = new(snapshot, HealthVerdict.Operational, null, HealthFormat.HealthJson);

        Assert.Same(answer.Details([]), answer.Details([]));
        Assert.Same(answer.Json, new HealthAnswer(snapshot, HealthVerdict.Operational, null, HealthFormat.HealthJson).Json);
    }

    [Fact]
    public async Task A_port_on_which_nobody_listens_is_told_at_the_start()
    {
        await using App app = await App.StartAsync(_ => { }, (app, _) => app.MapFailoverHealth("/health", o => o.Port = 1));

        AssertWarned(app, "/health, /health/ready, /health/live, /health/startup answer, or show details, on port 1 alone");
    }

    [Fact]
    public async Task Ports_on_which_the_server_listens_are_no_matter_for_a_warning()
    {
        await using App app = await App.StartAsync(_ => { }, (app, other) => app.MapFailoverHealth("/health", o => o.Port = other));

        Assert.DoesNotContain(app.Log.GetSnapshot(), record => record.Id == 5000);
    }

    private static void AssertWarned(App app, string text) =>
        Assert.Contains(app.Log.GetSnapshot(), record => record.Id == 5000 && record.Level == LogLevel.Warning && record.Message.Contains(text, StringComparison.Ordinal));

    private static void AddChecks(WebApplicationBuilder builder) =>
        builder.Services.AddHealthChecks().AddCheck("db", new TestCheck(_ => Task.FromResult(HealthCheckResult.Healthy("hush2", new Dictionary<string, object> { ["rows"] = 42, ["lag"] = TimeSpan.FromSeconds(1.5) }))));

    private sealed class Up : IMemberProbe
    {
        public ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken) => new(ProbeResult.Success());
    }
}
