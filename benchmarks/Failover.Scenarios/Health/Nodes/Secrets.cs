using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.Scenarios.Health.Nodes;

/// <summary>Checks that throw and say what drivers do: connection strings, tokens, addresses with passwords.</summary>
internal static class Secrets
{
    internal const string Secret = "hush7Xq";

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

    internal static IEnumerable<MeasuredCheck> Checks() => Words.SelectMany(words => (MeasuredCheck[])
    [
        new(() => throw new InvalidOperationException(words, new IOException(words))),
        new(() => Task.FromResult(HealthCheckResult.Unhealthy(words, new IOException(words), new Dictionary<string, object> { ["connection"] = words }))),
        new(() => Task.FromResult(HealthCheckResult.Healthy(words, new Dictionary<string, object> { ["connection"] = words }))),
    ]);

    internal static int CountIn(string text)
    {
        int count = 0;
        for (int at = text.IndexOf(Secret, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(Secret, at + Secret.Length, StringComparison.OrdinalIgnoreCase))
        {
            count++;
        }

        return count;
    }
}
