using Failover.PostgreSql.Nodes;

namespace Failover.PostgreSql.Tests.Nodes;

public class ClusterStringTests
{
    [Fact]
    public void Nodes_are_named_with_or_without_a_port_each()
    {
        ClusterString cluster = Read("Host=pg-a, pg-b:5433,10.0.0.3,[fd00::4]:5434,fd00::5;Port=6000;Username=app;Database=shop");

        Assert.Equal(
            ["postgresql://pg-a:6000/", "postgresql://pg-b:5433/", "postgresql://10.0.0.3:6000/", "postgresql://[fd00::4]:5434/", "postgresql://[fd00::5]:6000/"],
            cluster.Members.Select(member => member.Address.AbsoluteUri));
        Assert.Equal(("pg-b", 5433, "app", "shop"), cluster.For(cluster.Members[1]) is { } one ? (one.Host, one.Port, one.Username, one.Database) : default);
        Assert.Equal("fd00::4", cluster.For(cluster.Members[3]).Host);
    }

    [Fact]
    public void What_the_string_does_not_say_is_set_as_several_nodes_need_it_and_what_it_says_stands()
    {
        var silent = Read("Host=a,b");
        var told = Read("Host=a,b;Timeout=15;GSS Encryption Mode=Require");

        Assert.Equal((3, Npgsql.GssEncryptionMode.Disable), (silent.For(silent.Members[0]).Timeout, silent.For(silent.Members[0]).GssEncryptionMode));
        Assert.Equal((15, Npgsql.GssEncryptionMode.Require), (told.For(told.Members[0]).Timeout, told.For(told.Members[0]).GssEncryptionMode));
    }

    [Theory]
    [InlineData("primary")]
    [InlineData("read-write")]
    [InlineData("Any")]
    public void A_string_from_before_that_asks_for_the_primary_is_taken_as_it_is(string wanted)
    {
        ClusterString cluster = Read($"Host=a,b;Target Session Attributes={wanted}");

        Assert.Null(cluster.For(cluster.Members[0]).TargetSessionAttributes);
    }

    [Theory]
    [InlineData(null, "is missing")]
    [InlineData("  ", "is missing")]
    [InlineData("Username=app", "must name the nodes")]
    [InlineData("Host=a,,b", "by a name or an address")]
    [InlineData("Host=/var/run/postgresql", "folder of sockets")]
    [InlineData("Host=a:0", "from 1 to 65535; 'a:0'")]
    [InlineData("Host=a:65536", "from 1 to 65535")]
    [InlineData("Host=a b", "'a b' is neither")]
    [InlineData("Host=a,b,A:5432", "must not name a node twice")]
    [InlineData("Host=a;Multiplexing=true", "must not set Multiplexing")]
    [InlineData("Host=a,b;Target Session Attributes=standby", "ForReads()")]
    [InlineData("Host=a,b;Load Balance Hosts=true", "must not set Load Balance Hosts")]
    [InlineData("Host=a;Password=sesame;Nonsense=1", "cannot be read")]
    [InlineData("Host=a;Password=sesame;Port=many", "cannot be read")]
    [InlineData("sesame", "cannot be read")]
    public void What_is_wrong_is_said_without_a_word_of_what_may_be_secret(string? text, string problem)
    {
        Assert.Null(ClusterString.Read(text, out string? whyNot));

        Assert.Contains(problem, whyNot, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", whyNot, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_shown_without_its_secrets()
    {
        string shown = Read("Host=a,b;Username=app;Password=sesame;SSL Password=sesame2;Database=shop").Shown();

        Assert.DoesNotContain("sesame", shown, StringComparison.Ordinal);
        Assert.Contains("Host=a:5432,b:5432", shown, StringComparison.Ordinal);
        Assert.Contains("Database=shop", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_known_whether_nothing_but_the_nodes_has_changed()
    {
        ClusterString before = Read("Host=a,b;Username=app;Password=sesame");

        Assert.True(Read("Username=app;Host=a,c;Password=sesame").DiffersInNodesOnly(before));
        Assert.False(Read("Host=a,b;Username=app;Password=open").DiffersInNodesOnly(before));
    }

    private static ClusterString Read(string text)
    {
        ClusterString? read = ClusterString.Read(text, out string? whyNot);
        Assert.Null(whyNot);
        return read!;
    }
}
