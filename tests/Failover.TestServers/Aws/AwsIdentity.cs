using System.Text.Json;

namespace Failover.TestServers.Aws;

/// <summary>Who may sign requests, and what he may ask for.</summary>
/// <param name="secret">The secret of the key.</param>
/// <param name="token">The session's token; null for a key that lasts.</param>
/// <param name="policy">A policy of IAM as JSON: statements that allow, by actions, resources and conditions on the changes of a batch; null to allow all.</param>
public sealed class AwsIdentity(string secret, string? token = null, string? policy = null)
{
    private readonly Statement[]? _statements = policy is null ? null : Read(policy);

    internal string Secret => secret;

    internal string? Token => token;

    /// <summary>Tells whether a request is allowed: some statement has its action and resource, and all of its conditions hold.</summary>
    /// <param name="action">The action.</param>
    /// <param name="resource">The resource.</param>
    /// <param name="changes">The values of the condition keys.</param>
    internal bool May(string action, string resource, IReadOnlyDictionary<string, string[]> changes) =>
        _statements?.Any(one => one.Actions.Contains(action) && one.Resources.Any(pattern => pattern == "*" || pattern == resource || (pattern.EndsWith('*') && resource.StartsWith(pattern[..^1], StringComparison.Ordinal)))
            && one.Conditions.All(condition => (changes.GetValueOrDefault(condition.Key) ?? []).All(value => condition.Value.Contains(value)))) ?? true;

    private static Statement[] Read(string policy)
    {
        using JsonDocument document = JsonDocument.Parse(policy);
        return [.. document.RootElement.GetProperty("Statement").EnumerateArray().Select(static one => new Statement(
            one.GetProperty("Effect").GetString() == "Allow" ? Strings(one.GetProperty("Action")) : throw new NotSupportedException("Only Allow."),
            Strings(one.GetProperty("Resource")),
            one.TryGetProperty("Condition", out JsonElement conditions)
                ? conditions.EnumerateObject().Single() is { Name: "ForAllValues:StringEquals" } all ? all.Value.EnumerateObject().ToDictionary(static key => key.Name, static key => Strings(key.Value)) : throw new NotSupportedException("Only ForAllValues:StringEquals.")
                : []))];
    }

    private static string[] Strings(JsonElement element) => element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().Select(static one => one.GetString()!)] : [element.GetString()!];

    private sealed record Statement(string[] Actions, string[] Resources, Dictionary<string, string[]> Conditions);
}
