using System.Text;
using Failover.HealthChecks.Peers;

namespace Failover.HealthChecks.Tests.Peers;

public class PeerJsonTests
{
    private const string Good = """{"node":"b","clock":1772366400000,"operational":true,"canServe":true,"alive":true,"groups":[],"checks":[]}""";

    [Fact]
    public void What_is_written_is_read()
    {
        PeerMessage message = new()
        {
            Node = "b",
            Clock = 1772366400000,
            Revision = "4711",
            Operational = false,
            CanServe = true,
            Alive = true,
            Groups = [new("orders", "Settled", "orders-a"), new("db", "Unavailable", null)],
            Checks = [new("db", "healthy", 1200), new("cache", "unknown", null)],
        };

        PeerMessage? read = PeerJson.Read(PeerJson.Write(message));

        Assert.Equivalent(message, read, strict: true);
        Assert.Null(read!.Claims);
        Assert.Equal(
            """{"node":"b","clock":1772366400000,"revision":"4711","operational":false,"canServe":true,"alive":true,"groups":[{"name":"orders","condition":"Settled","active":"orders-a"},{"name":"db","condition":"Unavailable","active":null}],"checks":[{"name":"db","status":"healthy","passedMs":1200},{"name":"cache","status":"unknown","passedMs":null}]}""",
            Encoding.UTF8.GetString(PeerJson.Write(message)));
    }

    [Fact]
    public void Claims_are_written_and_read()
    {
        PeerMessage message = PeerJson.Read(Encoding.UTF8.GetBytes(Good))! with { Claims = new() { ["vrrp:site"] = "master ready", [Long(128)] = Long(256) } };

        byte[] written = PeerJson.Write(message);

        Assert.Equal(message.Claims, PeerJson.Read(written)!.Claims);
        Assert.Contains("\"claims\":{\"vrrp:site\":\"master ready\",", Encoding.UTF8.GetString(written), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("{\"a\":null}")]
    [InlineData("{\"a\":1}")]
    [InlineData("{\"a\":\"\"}")]
    [InlineData("{\"\":\"x\"}")]
    [InlineData("{\"a\":\"x\",\"a\":\"y\"}")]
    [InlineData("{\"a\":\"x\\ny\"}")]
    [InlineData("{\"a\\u0000\":\"x\"}")]
    public void An_answer_with_wrong_claims_is_none(string claims) => Assert.Null(PeerJson.Read(WithClaims(claims)));

    [Theory]
    [InlineData(32, 128, 256, true)]
    [InlineData(33, 128, 256, false)]
    [InlineData(1, 129, 256, false)]
    [InlineData(1, 128, 257, false)]
    public void Claims_have_limits(int count, int name, int value, bool isRead)
    {
        IEnumerable<string> claims = Enumerable.Range(10, count).Select(number => $"\"{number}{Long(name - 2)}\":\"{Long(value)}\"");
        Assert.Equal(isRead, PeerJson.Read(WithClaims($"{{{string.Join(',', claims)}}}")) is not null);
    }

    [Fact]
    public void Null_claims_are_none() => Assert.Null(PeerJson.Read(WithClaims("null"))!.Claims);

    [Fact]
    public void What_a_later_version_adds_is_left_out() => Assert.NotNull(PeerJson.Read(Encoding.UTF8.GetBytes(Good.Replace("{", """{"more":[1,{"x":2}],""", StringComparison.Ordinal))));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("200 OK")]
    [InlineData("{}")]
    [InlineData("""{"node":"b"}""")]
    public void Garbage_is_no_answer(string body) => Assert.Null(PeerJson.Read(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("\"node\":\"b\"", "\"node\":null")]
    [InlineData("\"node\":\"b\"", "\"node\":\"\"")]
    [InlineData("\"node\":\"b\"", "\"node\":\"b\\nFake log line\"")]
    [InlineData("\"node\":\"b\"", "\"node\":\"b\",\"node\":\"c\"")]
    [InlineData("\"clock\":1772366400000", "\"clock\":-1")]
    [InlineData("\"clock\":1772366400000", "\"clock\":999999999999999999")]
    [InlineData("\"clock\":1772366400000", "\"clock\":\"now\"")]
    [InlineData("\"clock\":1772366400000", "\"clock\":1e400")]
    [InlineData("\"canServe\":true", "\"canServe\":null")]
    [InlineData("\"canServe\":true,", "")]
    [InlineData("\"groups\":[]", "\"groups\":null")]
    [InlineData("\"groups\":[]", "\"groups\":[null]")]
    [InlineData("\"groups\":[]", "\"groups\":[{\"name\":\"db\"}]")]
    [InlineData("\"checks\":[]", "\"checks\":null")]
    [InlineData("\"checks\":[]", "\"checks\":[null]")]
    [InlineData("\"checks\":[]", "\"checks\":[{\"name\":\"db\",\"status\":\"healthy\",\"passedMs\":-1}]")]
    [InlineData("\"checks\":[]", "\"checks\":[{\"name\":\"db\",\"status\":\"healthy\",\"passedMs\":9223372036854775807}]")]
    [InlineData("\"checks\":[]", "\"checks\":[{\"name\":\"\",\"status\":\"healthy\",\"passedMs\":1}]")]
    [InlineData("\"checks\":[]", "\"checks\":[{\"name\":\"db\",\"status\":\"healthy\",\"passedMs\":1},{\"name\":\"DB\",\"status\":\"unhealthy\",\"passedMs\":1}]")]
    [InlineData("\"checks\":[]", "\"checks\":[[[[[[[[[[]]]]]]]]]]")]
    public void An_answer_with_a_wrong_part_is_none(string part, string wrong)
    {
        Assert.NotNull(PeerJson.Read(Encoding.UTF8.GetBytes(Good)));
        Assert.Contains(part, Good, StringComparison.Ordinal);

        Assert.Null(PeerJson.Read(Encoding.UTF8.GetBytes(Good.Replace(part, wrong, StringComparison.Ordinal))));
    }

    [Fact]
    public void Half_an_answer_is_none()
    {
        byte[] good = Encoding.UTF8.GetBytes(Good);
        Assert.All(Enumerable.Range(0, good.Length), length => Assert.Null(PeerJson.Read(good.AsSpan(0, length))));
    }

    private static byte[] WithClaims(string claims) => Encoding.UTF8.GetBytes(Good.Replace("{", $"{{\"claims\":{claims},", StringComparison.Ordinal));

    private static string Long(int length) => new('x', length);
}
