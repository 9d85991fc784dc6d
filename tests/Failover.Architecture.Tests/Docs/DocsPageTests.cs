namespace Failover.Architecture.Tests.Docs;

public sealed class DocsPageTests
{
    private const string Mark = "<!-- sample: samples/A/Program.cs#probe -->";

    private const string Sample = """
        class A
        {
            #region docs:probe
            int B()
            {
                return 1;
            }
            #endregion
        }
        """;

    private const string Block = "```csharp\nint B()\n{\n    return 1;\n}\n```";

    [Fact]
    public void A_block_is_put_under_its_mark() => Refreshes($"Text\n\n{Mark}\n\nMore", $"Text\n\n{Mark}\n{Block}\n\nMore");

    [Fact]
    public void An_old_block_is_replaced() => Refreshes($"{Mark}\n```csharp\nold\n```\nMore\n", $"{Mark}\n{Block}\nMore\n");

    [Fact]
    public void A_block_that_is_right_stays_as_it_is() => Refreshes($"{Mark}\n{Block}\n", $"{Mark}\n{Block}\n");

    [Fact]
    public void A_block_of_another_language_stays() => Refreshes("```json\n{}\n```\n", "```json\n{}\n```\n");

    [Fact]
    public void A_block_of_configuration_is_held_to_its_file()
    {
        const string mark = "<!-- sample: tests/A/proxy.cfg#backend -->";
        Refreshes($"{mark}\n```cfg\nold\n```\nMore\n", $"{mark}\n```cfg\nserver a\n```\nMore\n");
        Refreshes($"{mark}\n\n```json\n{{}}\n```\n", $"{mark}\n```cfg\nserver a\n```\n\n```json\n{{}}\n```\n");
    }

    [Fact]
    public void A_block_without_a_mark_is_found() => Assert.Contains("no mark", Problem("Text\n```csharp\nint a;\n```\n"), StringComparison.Ordinal);

    [Fact]
    public void A_block_that_says_why_it_is_not_compiled_is_let_be() =>
        Refreshes("<!-- not compiled: a sketch -->\n\n```cs\nint a;\n```\n", "<!-- not compiled: a sketch -->\n\n```cs\nint a;\n```\n");

    [Fact]
    public void An_excuse_holds_for_one_block() =>
        Assert.Contains("line 5", Problem("<!-- not compiled: a sketch -->\n```cs\nint a;\n```\n```cs\nint b;\n```\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("<!-- sample: samples/A/Program.cs#other -->")]       // no such region
    [InlineData("<!-- sample: samples/B/Program.cs#probe -->")]       // no such file
    [InlineData("<!-- sample: docs/A/Program.cs#probe -->")]          // not compiled there
    public void A_mark_that_leads_nowhere_is_found(string mark) => Assert.Contains("no such region", Problem(mark), StringComparison.Ordinal);

    private static void Refreshes(string page, string expected)
    {
        (string refreshed, IReadOnlyList<string> problems) = DocsPage.Refresh(page, Read);

        Assert.Empty(problems);
        Assert.Equal(expected, refreshed);
    }

    private static string Problem(string page) => Assert.Single(DocsPage.Refresh(page, Read).Problems);

    private static string? Read(string file) => file == "tests/A/proxy.cfg" ? "# Used\n#region docs:backend\nserver a\n#endregion\n" : file.EndsWith("/A/Program.cs", StringComparison.Ordinal) ? Sample : null;
}
