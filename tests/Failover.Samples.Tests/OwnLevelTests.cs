using Failover.TestServers;

namespace Failover.Samples.Tests;

public sealed class OwnLevelTests
{
    [Fact]
    public async Task A_level_of_ones_own_fails_over()
    {
        await using var sample = Sample.Start("OwnLevel", []);

        Assert.True(await sample.EndAsync() == 0, sample.Output);

        Assert.Equal(Page.OutputOf("docs/extending.md", "OwnLevel"), sample.Output.ReplaceLineEndings("\n"));
    }
}
