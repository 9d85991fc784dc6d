namespace Failover.Architecture.Tests.House;

public sealed class PrivateWordsTests
{
    [Fact]
    public void Nothing_committed_names_a_machine_path_or_a_registry() =>
        Assert.Empty(Repository.Files.Where(file => !file.EndsWith(".png", StringComparison.Ordinal)).SelectMany(file => PrivateWords.In(file, Repository.Read(file))));

    // Put together here, so that this file itself holds none.
    [Theory]
    [InlineData("cd /", "work/main", 1)]
    [InlineData("\"/", "root/.nuget\"", 1)]
    [InlineData("at /", "home/somebody/src", 1)]
    [InlineData("C:", "\\Users\\somebody", 1)]
    [InlineData("https://packages.example.com", "/v3/index.json", 1)]
    [InlineData("https://example.com/", "work/list", 0)]
    [InlineData("artifacts/", "work/list", 0)]
    public void A_private_word_is_found(string first, string second, int violations) =>
        Assert.Equal(violations, PrivateWords.In("file", "one\n" + first + second).Count());
}
