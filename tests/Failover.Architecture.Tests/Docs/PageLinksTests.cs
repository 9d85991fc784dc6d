namespace Failover.Architecture.Tests.Docs;

public sealed class PageLinksTests
{
    public static TheoryData<string> Pages => DocsTests.Pages;

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_of_a_page_leads_somewhere(string page) => Assert.Empty(PageLinks.Broken(page, Repository.Read(page), Read));

    [Theory]
    [InlineData("[a](b.md)", 0)]
    [InlineData("[a](../docs/b.md#what-it-tells)", 0)]
    [InlineData("[a](#here)\n\n# Here", 0)]
    [InlineData("[a](https://example.com/c.md) [a](../src)", 0)]
    [InlineData("```\n[a](c.md)\n```", 0)]
    [InlineData("[a](c.md)", 1)]
    [InlineData("[a](b.md#nothing) [a](#here)", 2)]
    public void A_link_that_leads_nowhere_is_found(string page, int broken) =>
        Assert.Equal(broken, PageLinks.Broken("docs/a.md", page, file => file switch { "docs/b.md" => "# B\n\n## What it tells\n", "src" => "", _ => null }).Count());

    private static string? Read(string file) =>
        File.Exists(Repository.FullPath(file)) ? Repository.Read(file)
        : Directory.Exists(Repository.FullPath(file)) ? ""
        : null;
}
