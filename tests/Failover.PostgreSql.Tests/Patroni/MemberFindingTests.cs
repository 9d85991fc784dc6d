using System.Text;
using Failover.PostgreSql.Nodes;
using Failover.PostgreSql.Patroni;

namespace Failover.PostgreSql.Tests.Patroni;

public class MemberFindingTests
{
    private readonly AllowedMembers _allowed = AllowedNodesTests.Allowed("Host=10.0.0.1,10.0.0.2");
    private readonly MemberFinding _finding = new();

    [Fact]
    public void A_new_node_comes_at_once_whoever_names_it()
    {
        Finding finding = Take([1, 2, 3], isLeaders: false, current: [1, 2]);

        Assert.Equal(["pg-1 postgresql://10.0.0.1:5432/", "pg-2 postgresql://10.0.0.2:5432/", "pg-3 postgresql://10.0.0.3:5432/"], finding.Members.Select(static member => $"{member.Name} {member.Address}"));
        Assert.Null(finding.Refused);
    }

    [Fact]
    public void A_list_of_the_members_that_there_are_changes_nothing_in_any_order() => Assert.True(Take([2, 1], isLeaders: true, current: [1, 2]).Members.IsEmpty);

    [Fact]
    public void A_node_goes_when_the_leader_has_said_so_twice()
    {
        Assert.True(Take([1, 3], isLeaders: true, current: [1, 2, 3]).Members.IsEmpty);
        Assert.True(_finding.AsksLeader);
        Assert.Equal(2, Take([1, 3], isLeaders: true, current: [1, 2, 3]).Members.Length);
        Assert.False(_finding.AsksLeader);
    }

    [Fact]
    public void A_node_never_goes_by_the_word_of_a_standby_which_only_makes_the_leader_be_asked()
    {
        for (int i = 0; i < 10; i++)
        {
            Assert.True(Take([1, 3], isLeaders: false, current: [1, 2, 3]).Members.IsEmpty);
            Assert.True(_finding.AsksLeader);
        }
    }

    [Fact]
    public void The_two_times_must_say_the_same_with_nothing_else_between()
    {
        Take([1, 3], isLeaders: true, current: [1, 2, 3]);
        Assert.True(Take([1, 2], isLeaders: true, current: [1, 2, 3]).Members.IsEmpty);
        Assert.True(Take([1, 3], isLeaders: true, current: [1, 2, 3]).Members.IsEmpty);
        Take([1, 2, 3], isLeaders: true, current: [1, 2, 3]);
        Assert.True(Take([1, 3], isLeaders: true, current: [1, 2, 3]).Members.IsEmpty);
        Assert.False(Take([1, 3], isLeaders: true, current: [1, 2, 3]).Members.IsEmpty);
    }

    [Fact]
    public void A_list_without_a_leader_takes_nobody_away()
    {
        for (int i = 0; i < 3; i++)
        {
            Assert.True(Take([1], isLeaders: true, current: [1, 2], leader: false).Members.IsEmpty);
        }

        Assert.False(_finding.AsksLeader);
    }

    [Fact]
    public void A_list_with_a_node_that_is_not_allowed_is_not_taken_at_all()
    {
        for (int i = 0; i < 3; i++)
        {
            Finding finding = _finding.Take(View(Node("pg-1", "10.0.0.1", "leader"), Node("pg-9", "192.0.2.9", "replica")), true, Members(1, 2), _allowed);

            Assert.True(finding.Members.IsEmpty);
            Assert.Equal("192.0.2.9:5432 is not allowed", finding.Refused);
        }
    }

    [Fact]
    public void A_list_with_a_node_or_a_name_twice_is_not_taken()
    {
        Assert.NotNull(_finding.Take(View(Node("pg-1", "10.0.0.1", "leader"), Node("pg-2", "10.0.0.1", "replica")), true, Members(1), _allowed).Refused);
        Assert.NotNull(_finding.Take(View(Node("pg-1", "10.0.0.1", "leader"), Node("PG-1", "10.0.0.2", "replica")), true, Members(1), _allowed).Refused);
    }

    [Fact]
    public void A_host_that_is_shown_in_a_log_is_one_line_of_bounded_length()
    {
        string refused = _finding.Take(View(Node("pg-1", $"evil\\n{new string('a', 5000)}", "leader")), true, Members(1), _allowed).Refused!;

        Assert.InRange(refused.Length, 100, 130);
        Assert.DoesNotContain('\n', refused);
    }

    private Finding Take(int[] listed, bool isLeaders, int[] current, bool leader = true) =>
        _finding.Take(View([.. listed.Select(i => Node($"pg-{i}", $"10.0.0.{i}", leader && i == 1 ? "leader" : "replica"))]), isLeaders, Members(current), _allowed);

    private static FailoverMember[] Members(params int[] numbers) => [.. numbers.Select(static i => ClusterString.MemberOf(null, $"10.0.0.{i}", 5432))];

    private static string Node(string name, string host, string role) => $$"""{"name": "{{name}}", "role": "{{role}}", "state": "running", "host": "{{host}}", "port": 5432}""";

    private static PatroniView View(params string[] nodes) => PatroniView.Read(Encoding.UTF8.GetBytes($$"""{"members": [{{string.Join(',', nodes)}}]}"""))!;
}
