using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.AspNetCore.Tests.Answers;

public class SecretsTests
{
    private const string Secret = "hush7Xq";

    private static readonly string[] Words =
    [
        $"Host=db;Username=app;Password={Secret};Database=shop",
        $"Server=db;User Id=sa;Pwd='{Secret}';",
        $"https://app:{Secret}@db.example.com/x?a=b",
        $"GET https://api.example.com/?access_token={Secret}&x=1 failed",
        $"Authorization: Bearer {Secret}",
        $"AccountKey={Secret}==;EndpointSuffix=core.example.com",
        $"amqp://guest:{Secret}@queue:5672/vhost",
        $$"""{"apiKey": "{{Secret}}"}""",
    ];

    [Fact]
    public async Task What_checks_say_throw_and_measure_reaches_no_body_no_header_and_no_log_with_a_secret_in_it()
    {
        await using App app = await App.StartAsync(
            AddChecks,
            (app, other) =>
            {
                app.MapFailoverHealth("/health", o => o.ManagementPort = other);
                app.MapFailoverHealth("/ui", o => (o.ManagementPort, o.Format) = (other, HealthFormat.HealthChecksUi));
                app.MapHealthChecks("/dotnet");
            });
        await App.UntilAsync(() => app.Health.Snapshot.Checks.All(check => check.Status is not null), "all checks have run");

        StringBuilder seen = new();
        foreach (int port in new[] { app.Port, app.OtherPort })
        {
            foreach (string path in new[] { "/health", "/health/ready", "/health/live", "/health/startup", "/ui", "/dotnet" })
            {
                foreach (string accept in new[] { "*/*", "text/plain" })
                {
                    seen.Append(await Wire.AskAsync(port, $"GET {path} HTTP/1.1\r\nHost: a\r\nAccept: {accept}\r\nConnection: close\r\n\r\n"));
                }
            }
        }

        foreach (var record in app.Log.GetSnapshot())
        {
            seen.Append(record.Message).Append(record.Exception).AppendJoin(' ', record.StructuredState?.Select(pair => pair.Value) ?? []);
        }

        // The details were there, or nothing of it would have proven anything.
        Assert.Contains("throws0:responseTime", seen.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"says7\":{\"data\":{}", seen.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, seen.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Of_what_checks_measure_figures_times_and_names_of_enums_are_shown_and_no_text()
    {
        await using App app = await App.StartAsync(
            builder => builder.Services.AddHealthChecks().AddCheck("odd", new TestCheck(_ => Task.FromResult(HealthCheckResult.Healthy(data: new Dictionary<string, object>
            {
                ["int"] = 1,
                ["long"] = long.MinValue,
                ["ulong"] = ulong.MaxValue,
                ["double"] = 0.5,
                ["float"] = 1.5f,
                ["decimal"] = 2.5m,
                ["bool"] = true,
                ["span"] = TimeSpan.FromSeconds(2),
                ["time"] = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
                ["offset"] = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1)),
                ["enum"] = DayOfWeek.Friday,
                ["nan"] = double.NaN,
                ["infinite"] = float.PositiveInfinity,
                ["text"] = Secret,
                ["guid"] = Guid.NewGuid(),
                ["uri"] = new Uri($"http://a:{Secret}@b"),
                ["list"] = new[] { 1, 2 },
                ["null"] = null!,
                [$"https://a:{Secret}@b"] = 1,
            })))),
            (app, other) => app.MapFailoverHealth("/health", o => o.ManagementPort = other));
        await app.OperationalAsync();
        JsonElement checks = JsonDocument.Parse(await app.BodyAsync(App.On(app.OtherPort, "/health"))).RootElement.GetProperty("checks");

        Assert.Equal(
            ["odd:bool", "odd:decimal", "odd:double", "odd:enum", "odd:float", "odd:int", "odd:long", "odd:offset", "odd:responseTime", "odd:span", "odd:time", "odd:ulong"],
            checks.EnumerateObject().Select(one => one.Name).Order(StringComparer.Ordinal));
        Assert.Equal("Friday", checks.GetProperty("odd:enum")[0].GetProperty("observedValue").GetString());
        Assert.Equal(ulong.MaxValue, checks.GetProperty("odd:ulong")[0].GetProperty("observedValue").GetUInt64());
        Assert.Equal("2026-01-02T02:04:05Z", checks.GetProperty("odd:offset")[0].GetProperty("observedValue").GetString());
    }

    private static void AddChecks(WebApplicationBuilder builder)
    {
        for (int at = 0; at < Words.Length; at++)
        {
            string words = Words[at];
            Dictionary<string, object> data = new() { ["connection"] = words, [words] = 1, ["nested"] = new Dictionary<string, string> { ["x"] = words } };
            builder.Services.AddHealthChecks()
                .AddCheck($"throws{at}", new TestCheck(_ => throw new InvalidOperationException(words, new IOException(words))))
                .AddCheck($"says{at}", new TestCheck(_ => Task.FromResult(HealthCheckResult.Unhealthy(words, new IOException(words), data))))
                .AddCheck($"passes{at}", new TestCheck(_ => Task.FromResult(HealthCheckResult.Healthy(words, data))));
        }
    }
}
