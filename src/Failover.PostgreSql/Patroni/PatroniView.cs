using System.Collections.Immutable;
using System.Text.Json;
using Failover.PostgreSql.Nodes;

namespace Failover.PostgreSql.Patroni;

/// <summary>What a Patroni says of its cluster: its answer to <c>GET /cluster</c>, as far as it is of use here.</summary>
/// <param name="Nodes">The nodes, in its order.</param>
/// <param name="IsPaused">Whether it does nothing by itself now.</param>
/// <param name="Scheduled">The switchover that is planned; null for none.</param>
internal sealed record PatroniView(ImmutableArray<PatroniNode> Nodes, bool IsPaused, string? Scheduled)
{
    /// <summary>More than that no cluster of Patroni's has.</summary>
    internal const int MaxNodes = 64;

    /// <summary>Gets the node that holds the leader key, or is the leader of a standby cluster; null if none does.</summary>
    internal PatroniNode? Leader => Nodes.FirstOrDefault(static node => node.Role is "leader" or "standby_leader" or "master" or "primary");

    /// <summary>Gets what a group looks at its nodes for, if it changes.</summary>
    internal (string? Leader, long Timeline, string? State, bool IsPaused, string? Scheduled) Mark => (Leader?.Name, Leader?.Timeline ?? 0, Leader?.State, IsPaused, Scheduled);

    /// <summary>Reads an answer; null if it is none. Whatever it holds, this does not throw.</summary>
    internal static PatroniView? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("members", out JsonElement members) || members.ValueKind != JsonValueKind.Array || members.GetArrayLength() is 0 or > MaxNodes)
            {
                return null;
            }

            ImmutableArray<PatroniNode>.Builder nodes = ImmutableArray.CreateBuilder<PatroniNode>();
            foreach (JsonElement member in members.EnumerateArray())
            {
                if (NodeOf(member) is not { } node)
                {
                    return null;
                }

                nodes.Add(node);
            }

            return new PatroniView(
                nodes.ToImmutable(),
                root.TryGetProperty("pause", out JsonElement pause) && pause.ValueKind == JsonValueKind.True,
                root.TryGetProperty("scheduled_switchover", out JsonElement scheduled) && scheduled.ValueKind == JsonValueKind.Object ? scheduled.GetRawText() : null);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static PatroniNode? NodeOf(JsonElement member) =>
        member.ValueKind == JsonValueKind.Object && Text(member, "name") is { Length: > 0 and <= 255 } name
            ? new PatroniNode(
                name,
                Text(member, "role") ?? "",
                Text(member, "state") ?? "",
                member.TryGetProperty("timeline", out JsonElement timeline) && timeline.ValueKind == JsonValueKind.Number && timeline.TryGetInt64(out long number) ? number : 0,
                Text(member, "host"),
                member.TryGetProperty("port", out JsonElement port) && port.ValueKind == JsonValueKind.Number && port.TryGetInt32(out int given) ? given : 0,
                Uri.TryCreate(Text(member, "api_url"), UriKind.Absolute, out Uri? api) ? api.Authority : null)
            : null;

    private static string? Text(JsonElement parent, string name) => parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>One node of it. Host and port are as somebody wrote them: they prove nothing.</summary>
internal sealed record PatroniNode(string Name, string Role, string State, long Timeline, string? Host, int Port, string? Api)
{
    /// <summary>Returns the node as a member; null where it does not say where it is, or may not be one.</summary>
    internal FailoverMember? MemberIn(AllowedMembers allowed) =>
        Host is { } host && !string.IsNullOrWhiteSpace(Name) && allowed.Allows(host, Port) ? ClusterString.MemberOf(Name, AllowedMembers.CleanHost(host)!, Port) : null;
}
