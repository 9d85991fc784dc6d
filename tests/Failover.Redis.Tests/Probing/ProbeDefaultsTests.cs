using Failover.Redis.Probing;

namespace Failover.Redis.Tests.Probing;

public class ProbeDefaultsTests
{
    [Fact]
    public async Task What_a_group_begins_with_is_allowed()
    {
        await using ProbedNode node = ProbedNode.Saying("+PONG\r\n", Info.AsBulk(Info.Master(500)));

        await using FailoverGroup group = new FailoverGroupBuilder("cache").AddMember(node.Member).UseProbe(node.Probe).ElectByRole().Configure(ProbeDefaults.Set).Build();

        await group.WaitForActiveAsync(CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_master_that_freezes_right_after_it_has_answered_is_suspect_within_half_a_second()
    {
        GroupOptions options = new();
        ProbeDefaults.Set(options);

        // The pause between two probes is varied by a tenth.
        Assert.True((1.1 * options.Detection.ProbeInterval) + options.Detection.ProbeTimeout <= TimeSpan.FromMilliseconds(500));
    }
}
