using System.Text;
using Failover.PostgreSql.Patroni;

namespace Failover.PostgreSql.Tests.Patroni;

public class PatroniViewTests
{
    [Fact]
    public void What_a_real_Patroni_says_is_read()
    {
        PatroniView view = Read(Recorded.Moved)!;

        Assert.Equal(["pg-1 replica running 2 127.0.0.1:25431 127.0.0.1:28011", "pg-2 leader running 2 127.0.0.1:25432 127.0.0.1:28012"], view.Nodes.Select(static node => $"{node.Name} {node.Role} {node.State} {node.Timeline} {node.Host}:{node.Port} {node.Api}"));
        Assert.Equal("pg-2", view.Leader?.Name);
        Assert.False(view.IsPaused);
        Assert.Null(view.Scheduled);
    }

    [Fact]
    public void Each_step_of_a_switchover_and_a_pause_leave_another_mark_and_a_standbys_lag_does_not()
    {
        string[] steps = [Recorded.Steady, Recorded.Paused, Recorded.Scheduled, Recorded.Stopping, Recorded.Taken, Recorded.Moved];

        Assert.Equal(steps.Length, steps.Select(static step => Read(step)!.Mark).Distinct().Count());
        Assert.Equal(Read(Recorded.Steady)!.Mark, Read(Recorded.Steady.Replace("\"lag\": 0", "\"lag\": 4711", StringComparison.Ordinal))!.Mark);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"members": null}""")]
    [InlineData("""{"members": {}}""")]
    [InlineData("""{"members": []}""")]
    [InlineData("""{"members": [1]}""")]
    [InlineData("""{"members": [{"name": 1}]}""")]
    [InlineData("""{"members": [{"name": ""}]}""")]
    [InlineData("""{"members": [{"name": "pg-1"}, null]}""")]
    [InlineData("<html>members</html>")]
    public void What_is_no_answer_of_Patroni_is_none(string answer) => Assert.Null(Read(answer));

    [Fact]
    public void Half_an_answer_is_none_wherever_it_ends()
    {
        for (int length = 0; length < Recorded.Scheduled.Length; length++)
        {
            Assert.Null(Read(Recorded.Scheduled[..length]));
        }
    }

    [Fact]
    public void More_nodes_than_any_cluster_has_are_no_answer()
    {
        Assert.NotNull(Read(Listing(PatroniView.MaxNodes)));
        Assert.Null(Read(Listing(PatroniView.MaxNodes + 1)));

        static string Listing(int count) => $$"""{"members": [{{string.Join(',', Enumerable.Range(0, count).Select(static i => $$"""{"name": "pg-{{i}}"}"""))}}]}""";
    }

    [Fact]
    public void Values_of_another_type_are_taken_as_not_said()
    {
        PatroniNode node = Assert.Single(Read("""{"members": [{"name": "pg-1", "role": 7, "state": [], "api_url": "no address", "host": {}, "port": "5432", "timeline": 1.5}], "pause": "yes", "scheduled_switchover": "soon"}""")!.Nodes);

        Assert.Equal(new PatroniNode("pg-1", "", "", 0, null, 0, null), node);
    }

    private static PatroniView? Read(string answer) => PatroniView.Read(Encoding.UTF8.GetBytes(answer));
}
