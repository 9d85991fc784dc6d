using Failover.PostgreSql.Lag;

namespace Failover.PostgreSql.Tests.Lag;

public class LinkOwnersTests
{
    private static readonly FailoverMember A = new("a", new Uri("postgresql://pg-a.example:5432"));
    private static readonly FailoverMember B = new("b", new Uri("postgresql://pg-b.example:5432"));

    [Fact]
    public void The_slot_that_a_node_uses_tells_its_connection_whatever_names_and_addresses_say()
    {
        ReplicationLink first = new("pg-b", "127.0.0.1", "streaming", "sync") { ProcessId = 11 };
        ReplicationLink second = new("pg-a", "127.0.0.1", "streaming", "async") { ProcessId = 12 };

        Dictionary<FailoverMember, ReplicationLink> found = LinkOwners.Find([(A, "one"), (B, "two")], [first, second], [Slot("one", 11), Slot("two", 12)]);

        Assert.Same(first, found[A]);
        Assert.Same(second, found[B]);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("PG-A")]
    [InlineData("pg-a.example")]
    public void Without_a_slot_the_name_tells_it(string application)
    {
        ReplicationLink link = new(application, null, null, null) { ProcessId = 11 };

        Assert.Same(link, LinkOwners.Find([(A, null), (B, null)], [link, new("pg_basebackup", null, null, null) { ProcessId = 12 }], [])[A]);
    }

    [Fact]
    public void An_address_that_two_nodes_have_tells_nothing()
    {
        FailoverMember one = new("one", new Uri("postgresql://10.0.0.7:5432"));
        FailoverMember two = new("two", new Uri("postgresql://10.0.0.7:5433"));
        ReplicationLink link = new("walreceiver", "10.0.0.7", "streaming", "async") { ProcessId = 11 };

        Assert.Empty(LinkOwners.Find([(one, null), (two, null)], [link], []));
        Assert.Same(link, LinkOwners.Find([(one, null), (B, null)], [link], [])[one]);
    }

    [Fact]
    public void A_slot_that_nobody_uses_tells_nothing() =>
        Assert.Empty(LinkOwners.Find([(A, "one")], [new("x", null, null, null) { ProcessId = 11 }], [Slot("one", 0)]));

    private static ReplicationSlot Slot(string name, int process) => new(name, IsLogical: false, IsActive: process != 0, 0) { ProcessId = process };
}
