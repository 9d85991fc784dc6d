using Failover.Keepalived.Doctor;
using Failover.Keepalived.Doctor.Reading;
using Xunit;

namespace Failover.Keepalived.Tests.Doctor;

public sealed class ConfigTreeTests
{
    private readonly FakeHost _host = new();
    private readonly Findings _findings = new();

    [Fact]
    public void Braces_may_stand_anywhere_and_quotes_keep_what_is_in_them()
    {
        ConfigTree tree = Read("""
            vrrp_instance VI_1{ state BACKUP
            virtual_ipaddress { 10.0.0.1/24 dev eth0 }
              script "/bin/x {a} #b !c"   # a comment { with a brace
              process "a b"c
            }
            vrrp_instance VI_2
            {
            } net_namespace blue
            """);

        Assert.Equal(["vrrp_instance VI_1", "vrrp_instance VI_2", "net_namespace blue"], tree.Lines.Select(static line => string.Join(' ', line.Words)));
        Assert.Equal(["state|BACKUP", "virtual_ipaddress", "script|/bin/x {a} #b !c", "process|a b|c"], tree.Lines[0].Block.Select(static line => string.Join('|', line.Words)));
        Assert.Equal(["10.0.0.1/24", "dev", "eth0"], Assert.Single(tree.Lines[0].Inside("virtual_ipaddress")).Words);
        Assert.Equal([1, 2, 3, 4], tree.Lines[0].Block.Select(static line => line.Number));
        Assert.Empty(_findings.All);
    }

    [Fact]
    public void A_comment_begins_with_either_sign_unless_it_is_escaped()
    {
        ConfigTree tree = Read("a 1 # x\nb 2 ! x\nc \\#3\n! d\n#e\n\n   \t\nf\r\n");

        Assert.Equal(["a 1", "b 2", "c #3", "f"], tree.Lines.Select(static line => string.Join(' ', line.Words)));
    }

    [Fact]
    public void Included_files_stand_where_they_are_included_in_the_order_of_their_names()
    {
        _host.AddFile("/etc/keepalived/conf.d/b.conf", "from_b\n");
        _host.AddFile("/etc/keepalived/conf.d/a.conf", "from_a\ninclude sub/deep.conf\n");
        _host.AddFile("/etc/keepalived/conf.d/c.txt", "from_c\n");
        _host.AddFile("/etc/keepalived/conf.d/sub/deep.conf", "from_deep\n");

        ConfigTree tree = Read("before\ninclude conf.d/*.conf\nincluder /etc/keepalived/conf.d/c.txt\nafter\n");

        Assert.Equal(["before", "from_a", "from_deep", "from_b", "from_c", "after"], tree.Lines.Select(static line => line.Key));
        Assert.Equal(("/etc/keepalived/conf.d/sub/deep.conf", 1), (tree.Lines[2].File, tree.Lines[2].Number));
        Assert.Empty(_findings.All);
    }

    [Fact]
    public void Files_that_include_themselves_end()
    {
        _host.AddFile("/etc/keepalived/round.conf", "a\ninclude round.conf\ninclude round.conf\n");

        ConfigTree tree = Read("include round.conf\n");

        Assert.InRange(tree.Lines.Count, 1, 200);
        Assert.All(_findings.All, static finding => Assert.Equal(DoctorCode.NotJudged, finding.Code));
    }

    [Fact]
    public void Definitions_are_put_in_and_a_circle_of_them_ends()
    {
        ConfigTree tree = Read("$IF=eth0\n$LINE=interface ${IF}\n$A=$B\n$B=$A\nvrrp_instance VI_1 {\n  $LINE\n  label ${IF}:1 $UNKNOWN\n  circle $A\n}\n");

        Assert.Equal(["interface eth0", "label eth0:1 $UNKNOWN"], tree.Lines[0].Block.Take(2).Select(static line => string.Join(' ', line.Words)));
        Assert.Equal("circle", tree.Lines[0].Block[2].Key);
    }

    [Fact]
    public void Lines_for_another_node_are_left_out()
    {
        ConfigTree tree = Read("@node-a priority 50\n@node-b priority 40\n@^node-a state MASTER\n@^node-b state BACKUP\n");

        Assert.Equal(["priority 50", "state BACKUP"], tree.Lines.Select(static line => string.Join(' ', line.Words)));
    }

    [Theory]
    [InlineData("a {\n  b {\n}\n", "a")]
    [InlineData("{\na\n}\n", "{")]
    [InlineData("a {\n}\n{\n}\n", "{")]
    [InlineData("a }\n", "}")]
    [InlineData("a \"b\n", "\"")]
    public void What_does_not_close_is_told(string text, string key)
    {
        Read(text);

        Assert.Contains(_findings.All, finding => finding.Code == DoctorCode.Syntax && finding.Key == key);
    }

    [Fact]
    public void Nothing_that_a_file_can_hold_throws()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        string[] parts = ["{", "}", "\"", "#", "!", "\\", "\n", "$A", "$A=", "${A}", "@node-a", "@", "@^", "~SEQ", "include ", "include *", "vrrp_instance", "vrrp_script", "track_file", "virtual_ipaddress", "priority", "weight", "-", "1", "999999999999", "0.5", "/", " ", "\t", "\0", "é", "10.0.0.1/24", "dev", "vrrp_notify_fifo", "file", "interval", "script", "process", "init_file", "advert_int", "unicast_peer"];
        for (int round = 0; round < 2000; round++)
        {
            string text = string.Join(random.Next(2) == 0 ? " " : "", Enumerable.Range(0, random.Next(40)).Select(_ => parts[random.Next(parts.Length)]));
            Patient patient = new() { Text = text, PeerText = text };

            Exception? thrown = Record.Exception(() => patient.Examine());

            Assert.True(thrown is null, $"Seed {seed}, round {round}: {thrown}\n{text}");
        }
    }

    private ConfigTree Read(string text)
    {
        _host.AddFile(Patient.Path, text);
        return ConfigTree.Read(Patient.Path, _host, "node-a", _findings);
    }
}
