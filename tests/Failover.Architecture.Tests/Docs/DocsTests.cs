namespace Failover.Architecture.Tests.Docs;

/// <summary>Every C# block of every page is compiled somewhere. <c>eng/update-docs.sh</c> runs this class to bring the pages up to date.</summary>
public sealed class DocsTests
{
    public static TheoryData<string> Pages { get; } =
        [.. Repository.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_code_of_a_page_is_the_code_of_a_sample(string page)
    {
        string text = Repository.Read(page);
        (string refreshed, IReadOnlyList<string> problems) = DocsPage.Refresh(text, ReadSample);

        if (refreshed != text && Environment.GetEnvironmentVariable("FAILOVER_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(Repository.FullPath(page), refreshed);
            text = refreshed;
        }

        Assert.Empty(problems);
        Assert.True(refreshed == text, $"{page} shows code that has changed: run eng/update-docs.sh");
    }

    private static string? ReadSample(string file) => File.Exists(Repository.FullPath(file)) ? Repository.Read(file) : null;
}
