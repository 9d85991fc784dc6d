using System.Net;
using System.Net.NetworkInformation;
using Failover.Keepalived.SplitBrain;

namespace Failover.Keepalived.Tests.SplitBrain;

public sealed class NeighbourAdvertTests
{
    [Fact]
    public void An_announcement_tells_all_nodes_where_the_address_is_and_that_what_was_known_is_wrong()
    {
        // The checksum: the sum of all else from the addresses on, with the length 0x20 and the protocol 0x3a, is 0x3a71e.
        byte[] expected = Bytes.Of("""
            333300000001 02000000000a 86dd
            60000000 0020 3a ff  fd770000000000000000000000000064  ff020000000000000000000000000001
            88 00 58de 20000000  fd770000000000000000000000000064  02 01 02000000000a
            """);
        Assert.Equal(expected, NeighbourAdvert.Announcement(PhysicalAddress.Parse("02-00-00-00-00-0A"), IPAddress.Parse("fd77::64")));
    }
}
