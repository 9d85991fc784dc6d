using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Failover.Tests.Groups;

/// <summary>docs/observability.md is a promise: it lists what the code tells, and nothing else.</summary>
public sealed partial class ObservabilityPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Groups", "observability.md"));

    [GeneratedRegex(@"^\| (\d{4}) \| `(\w+)` \| ", RegexOptions.Multiline)]
    private static partial Regex EventRow();

    [Fact]
    public void The_page_lists_every_event_that_is_logged()
    {
        List<(int Id, string Name)> logged = [.. typeof(FailoverGroup).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
            .Select(m => m.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .Select(a => (a.EventId, a.EventName!))
            .Order()];

        Assert.Equal(logged.DistinctBy(e => e.Id), logged);
        Assert.Equal(logged, EventRow().Matches(Page).Select(m => (int.Parse(m.Groups[1].ValueSpan, null), m.Groups[2].Value)));
    }

    [Fact]
    public void The_page_lists_every_instrument_and_tag() =>
        Assert.All(
            typeof(Failover.Groups.TelemetryNames).GetFields(BindingFlags.Static | BindingFlags.NonPublic).Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!),
            name => Assert.Contains($"`{name}`", Page, StringComparison.Ordinal));

    [Fact]
    public void The_example_is_of_the_schema()
    {
        string example = Page.Split("```json")[1].Split("```")[0];

        Switchover read = SwitchoverJson.Deserialize(example);

        Assert.Equal(System.Text.Json.Nodes.JsonNode.Parse(example)!.ToJsonString(), System.Text.Json.Nodes.JsonNode.Parse(SwitchoverJson.Serialize(read))!.ToJsonString());
    }
}
