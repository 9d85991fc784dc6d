using Failover.Architecture.Tests.Packages;

namespace Failover.Architecture.Tests.Source;

public sealed class EventIdsTests
{
    private static readonly PackageRule[] Rules = [new("Failover", 1000, [], []), new("Failover.Http", 2000, [], [])];

    [Fact]
    public void Every_event_id_is_used_once_within_its_package_block() =>
        Assert.Empty(EventIds.Violations(Repository.Source(), PackageRules.All));

    [Theory]
    [InlineData("Failover", "[LoggerMessage(1001, LogLevel.Warning, \"a\")] [LoggerMessage(EventId = 1002, Level = LogLevel.Warning)]", 0)]
    [InlineData("Failover", "[LoggerMessage(2001, LogLevel.Warning, \"a\")]", 1)]
    [InlineData("Failover.Http", "[LoggerMessage(3000, LogLevel.Warning, \"a\")]", 1)]
    [InlineData("Failover", "[LoggerMessage(1001, LogLevel.Warning, \"a\")] [LoggerMessage(1001, LogLevel.Warning, \"b\")]", 1)]
    [InlineData("Failover", "[LoggerMessage(LogLevel.Warning, \"a\")]", 1)]
    public void A_wrong_event_id_is_found(string package, string code, int violations) =>
        Assert.Equal(violations, EventIds.Violations([new($"src/{package}/Log.cs", code)], Rules).Count());
}
