using Failover.Architecture.Tests.Packages;

namespace Failover.Architecture.Tests.Source;

public sealed class EventIdsTests
{
    private static readonly PackageRule[] Rules = [new("Failover", 1000, [], []), new("Failover.Http", 2000, [], [])];

    [Fact]
    public void Every_event_id_is_used_once_within_its_package_block() =>
        Assert.Empty(EventIds.Violations(Repository.Source(), PackageRules.All));

    [Fact]
    public void Every_event_stands_on_a_page_and_every_row_is_an_event() => Assert.Empty(EventIds.Undocumented(
        Repository.Source(),
        Repository.Files.Where(file => file.StartsWith("docs/", StringComparison.Ordinal) && file.EndsWith(".md", StringComparison.Ordinal)).Select(file => (file, Repository.Read(file)))));

    [Theory]
    [InlineData("[LoggerMessage(1001, LogLevel.Warning, \"a\", EventName = \"A\")]", "| 1001 | `A` | Warning | a |", 0)]
    [InlineData("[LoggerMessage(1001, LogLevel.Warning, \"a\", EventName = \"A\")]", "", 1)]
    [InlineData("[LoggerMessage(1001, LogLevel.Warning, \"a\", EventName = \"A\")]", "| 1001 | `B` | Warning | a |", 2)]
    [InlineData("[LoggerMessage(1001, LogLevel.Warning, \"a\", EventName = \"A\")]", "| 1001 | `A` | Warning | a |\n| 1001 | `A` | Warning | b |", 1)]
    [InlineData("[LoggerMessage(EventId = 1001, EventName = \"A\",\n Message = \"a\")]", "| 1001 | `A` | Warning | a |\n| 1002 | `B` | Warning | b |", 1)]
    [InlineData("[LoggerMessage(1001, LogLevel.Warning, \"a\")]", "", 1)]
    public void An_event_without_a_row_and_a_row_without_an_event_are_found(string code, string page, int problems) =>
        Assert.Equal(problems, EventIds.Undocumented([new("src/Failover/Log.cs", code)], [("docs/a.md", page)]).Count());

    [Theory]
    [InlineData("Failover", "[LoggerMessage(1001, LogLevel.Warning, \"a\")] [LoggerMessage(EventId = 1002, Level = LogLevel.Warning)]", 0)]
    [InlineData("Failover", "[LoggerMessage(2001, LogLevel.Warning, \"a\")]", 1)]
    [InlineData("Failover.Http", "[LoggerMessage(3000, LogLevel.Warning, \"a\")]", 1)]
    [InlineData("Failover", "[LoggerMessage(1001, LogLevel.Warning, \"a\")] [LoggerMessage(1001, LogLevel.Warning, \"b\")]", 1)]
    [InlineData("Failover", "[LoggerMessage(LogLevel.Warning, \"a\")]", 1)]
    public void A_wrong_event_id_is_found(string package, string code, int violations) =>
        Assert.Equal(violations, EventIds.Violations([new($"src/{package}/Log.cs", code)], Rules).Count());
}
