using Failover.HealthChecks.Tests.Peers;
using Microsoft.Extensions.DependencyInjection;

namespace Failover.HealthChecks.Tests.Checks.RevisionFile;

public sealed class RevisionFileCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("failover-revision-").FullName;

    [Fact]
    public async Task A_difference_degrades_after_its_grace_and_never_fails()
    {
        await using Fleet fleet = new();
        Write("a", "4711");
        Write("b", "4711\n");
        foreach (string name in new[] { "b", "a" })
        {
            fleet.Start(name, name == "a" ? ["b"] : [], [], services => services.AddHealthChecks().AddRevisionFile(Path.Combine(_folder, name)));
        }

        FleetNode a = fleet["a"];
        await fleet.UntilAsync(() => Heard(a) == 1, TimeSpan.FromSeconds(40));
        Assert.Equal("healthy", a.Check("revision").StatusName);

        Write("b", "4712\n");
        await fleet.UntilAsync(() => a.Check("revision").Data["differs"] is true, TimeSpan.FromSeconds(60));
        await fleet.PassAsync(TimeSpan.FromMinutes(9));
        Assert.Equal("healthy", a.Check("revision").StatusName);

        await fleet.UntilAsync(() => a.Check("revision").StatusName != "healthy", TimeSpan.FromMinutes(2));
        Assert.Equal("degraded", a.Check("revision").StatusName);
        Assert.True(a.Serves);

        Write("a", "4712");
        await fleet.UntilAsync(() => a.Check("revision").StatusName == "healthy", TimeSpan.FromSeconds(30));
        Assert.Equal(0.0, a.Check("revision").Data["differsSeconds"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n4711")]
    [InlineData("47\u000011")]
    public async Task A_file_without_a_revision_fails(string content)
    {
        await using Fleet fleet = new();
        Write("a", content);
        FleetNode a = fleet.Start("a", [], [], services => services.AddHealthChecks().AddRevisionFile(Path.Combine(_folder, "a")));

        await fleet.UntilAsync(() => a.Check("revision").StatusName == "unhealthy", TimeSpan.FromSeconds(30));

        Assert.Equal("FormatException", a.Check("revision").Error);
    }

    [Fact]
    public async Task A_peer_that_says_no_revision_is_not_compared()
    {
        await using Fleet fleet = new();
        Write("a", "4711");
        fleet.Start("b", [], []);
        FleetNode a = fleet.Start("a", ["b"], [], services => services.AddHealthChecks().AddRevisionFile(Path.Combine(_folder, "a")));

        await fleet.UntilAsync(() => a.Check("revision").StatusName == "healthy", TimeSpan.FromSeconds(30));
        await fleet.PassAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(0, Heard(a));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static int Heard(FleetNode node) => (int?)node.Check("revision").Data.GetValueOrDefault("peersHeard") ?? 0;

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(_folder, name), content);
}
