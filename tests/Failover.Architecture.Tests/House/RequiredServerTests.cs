using Failover.TestServers;

namespace Failover.Architecture.Tests.House;

public sealed class RequiredServerTests
{
    private static readonly Func<string, string?> OnlyRedis = program => program == "redis-server" ? "redis-server" : null;

    [Fact]
    public void A_test_runs_where_its_servers_are() =>
        Assert.Null(RequiredServer.SkipReason(["redis-server"], OnlyRedis, isCi: false));

    [Fact]
    public void A_test_whose_server_is_missing_is_skipped_with_the_reason() =>
        Assert.Contains("patroni", RequiredServer.SkipReason(["redis-server", "patroni"], OnlyRedis, isCi: false), StringComparison.Ordinal);

    [Fact]
    public void In_CI_a_missing_server_is_no_skip() =>
        Assert.Null(RequiredServer.SkipReason(["patroni"], OnlyRedis, isCi: true));

    [Fact]
    public void In_CI_the_test_then_fails_with_the_reason()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => RequiredServer.Locate("no-such-server"));

        Assert.Contains("Not installed: no-such-server", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_is_found_in_the_path()
    {
        string folder = Directory.CreateTempSubdirectory("failover-").FullName;
        try
        {
            string program = Path.Combine(folder, "some-server");
            File.WriteAllText(program, "");

            Assert.Equal(program, RequiredServer.Find("some-server", folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("0", false)]
    [InlineData(null, false)]
    public void The_long_matrices_run_only_when_asked_for(string? variable, bool runs) =>
        Assert.Equal(runs, FullRun.SkipReason(variable) is null);
}
