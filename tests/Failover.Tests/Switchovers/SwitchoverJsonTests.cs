using System.Text.Json;
using System.Text.Json.Nodes;

namespace Failover.Tests.Switchovers;

public sealed class SwitchoverJsonTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Switchover Full = new()
    {
        Id = new("7f1c2c1e-5f4e-4d3a-9b1e-2d6f0a9c8b7a"),
        Revision = 3,
        IsFinal = true,
        Outcome = SwitchoverOutcome.Completed,
        Group = "db",
        Cause = SwitchoverCause.MemberRemoved,
        From = new("pg-a", new("tcp://pg-a.example.com:5432")),
        To = new("pg-b", new("tcp://pg-b.example.com:5432")),
        Epoch = new("7301234567890123456", 5),
        Evidence = "connection refused",
        LeaseToken = 42,
        LastGood = At(100.5),
        FirstFailure = At(101.25),
        Detected = At(103),
        Decided = At(103),
        Switched = At(104.0000001),
        Verified = At(104.5),
        Visible = At(105),
    };

    private static Moment At(double seconds) => new(TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond)), Noon.AddTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond)));

    private static string Golden(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Switchovers", name));

    [Fact]
    public void The_schema_is_what_it_was() =>
        Assert.Equal(Golden("switchover.full.json").ReplaceLineEndings("\n"), Pretty(SwitchoverJson.Serialize(Full)));

    [Fact]
    public void What_is_unknown_is_there_as_null()
    {
        Switchover bare = new() { Id = Full.Id, Revision = 1, Group = "orders", Cause = SwitchoverCause.Initial, To = new("a", new("https://a.example.com/")) };

        Assert.Equal(Golden("switchover.bare.json").ReplaceLineEndings("\n"), Pretty(SwitchoverJson.Serialize(bare)));
        Assert.Equal(bare, SwitchoverJson.Deserialize(SwitchoverJson.Serialize(bare)));
    }

    [Fact]
    public void What_was_written_is_read_to_the_tick() =>
        Assert.Equal(Full with { From = null, To = Full.To }, SwitchoverJson.Deserialize(SwitchoverJson.Serialize(Full)) with { From = null, To = Full.To });

    [Fact]
    public void Names_of_members_are_kept()
    {
        Switchover read = SwitchoverJson.Deserialize(SwitchoverJson.Serialize(Full));

        Assert.Equal(("pg-a", "pg-b"), (read.From!.Name, read.To.Name));
        Assert.Equal((Full.From, Full.To), (read.From, read.To));
    }

    [Fact]
    public void What_a_later_version_adds_is_ignored()
    {
        JsonObject json = JsonNode.Parse(SwitchoverJson.Serialize(Full))!.AsObject();
        json["blastRadius"] = new JsonObject { ["racks"] = 3 };
        json["to"]!.AsObject()["zone"] = "b";

        Assert.Equal(Full, SwitchoverJson.Deserialize(json.ToJsonString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"schema\":\"failover.switchover/2\"}")]
    [InlineData("{\"schema\":\"failover.switchover/1\",\"id\":\"x\"}")]
    public void What_is_no_switchover_is_refused(string json) => Assert.ThrowsAny<JsonException>(() => SwitchoverJson.Deserialize(json));

    [Theory]
    [InlineData("cause", "\"whim\"")]
    [InlineData("outcome", "1")]
    [InlineData("to", "null")]
    [InlineData("group", "null")]
    [InlineData("revision", "\"3\"")]
    [InlineData("switched", "{\"utc\":\"noon\",\"elapsed\":1}")]
    [InlineData("switched", "{\"utc\":\"2026-01-01T12:00:00Z\",\"elapsed\":1e300}")]
    [InlineData("from", "{\"name\":\"\",\"address\":\"tcp://x:1\"}")]
    public void A_property_of_another_kind_is_refused(string property, string value)
    {
        JsonObject json = JsonNode.Parse(SwitchoverJson.Serialize(Full))!.AsObject();
        json[property] = JsonNode.Parse(value);

        Assert.ThrowsAny<JsonException>(() => SwitchoverJson.Deserialize(json.ToJsonString()));
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    private static string Pretty(string json) => JsonNode.Parse(json)!.ToJsonString(Indented) + "\n";
}
