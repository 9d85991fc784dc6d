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
        Assert.Equal(
            """{"node":"b","clock":1772366400000,"revision":"4711","operational":false,"canServe":true,"alive":true,"groups":[{"name":"orders","condition":"Settled","active":"orders-a"},{"name":"db","condition":"Unavailable","active":null}],"checks":[{"name":"db","status":"healthy","passedMs":1200},{"name":"cache","status":"unknown","passedMs":null}]}""",
            Encoding.UTF8.GetString(PeerJson.Write(message)));
    }

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
}
