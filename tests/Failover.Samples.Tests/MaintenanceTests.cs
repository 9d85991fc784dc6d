using Failover.TestServers;

namespace Failover.Samples.Tests;

public sealed class MaintenanceTests
{
    [Fact]
    public async Task It_prints_what_the_page_shows()
    {
        await using var sample = Sample.Start("Maintenance", []);

        Assert.True(await sample.EndAsync() == 0, sample.Output);

        Assert.Equal(Page.OutputOf("docs/operations.md", "Maintenance"), sample.Output.ReplaceLineEndings("\n"));
    }
}
