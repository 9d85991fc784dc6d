using System.Collections.Immutable;
using System.Text.Json;

namespace Failover.AspNetCore.Answers;

/// <summary>Writes how the failover groups stand. What members said in words stays out.</summary>
internal static class GroupsJson
{
    internal static void Write(Utf8JsonWriter writer, ImmutableArray<GroupSnapshot> groups)
    {
        writer.WriteStartObject("groups");
        foreach (GroupSnapshot group in groups)
        {
            writer.WriteStartObject(group.Group);
            writer.WriteString("kind", group.Kind);
            writer.WriteString("condition", Word(group.Condition));
            HealthJson.WriteTime(writer, "since", group.Since);
            writer.WriteString("active", group.Active?.Name);
            writer.WriteBoolean("pinned", group.IsPinned);
            writer.WriteStartArray("members");
            foreach (MemberSnapshot member in group.Members)
            {
                Write(writer, member);
            }

            writer.WriteEndArray();
            if (group.LastSwitchover is { } switchover)
            {
                // The evidence quotes what a probe or a caller said.
                writer.WritePropertyName("lastSwitchover");
                SwitchoverJson.Serialize(writer, switchover with { Evidence = null });
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, MemberSnapshot member)
    {
        writer.WriteStartObject();
        writer.WriteString("name", member.Member.Name);
        writer.WriteString("verdict", Word(member.Verdict));
        if (member.Role != MemberRole.Unknown)
        {
            writer.WriteString("role", Word(member.Role));
        }

        if (member.Lag is { } lag)
        {
            writer.WriteNumber("lag", lag.TotalSeconds);
        }

        writer.WriteBoolean("drained", member.IsDrained);
        writer.WriteEndObject();
    }

    private static string Word<TEnum>(TEnum value)
        where TEnum : struct, Enum =>
        JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
