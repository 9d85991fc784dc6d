using System.Text.RegularExpressions;

namespace Failover.Samples.Tests;

/// <summary>What a page shows as the output of a sample.</summary>
internal static class Page
{
    /// <summary>The lines below <c>$ dotnet run --project samples/…</c>, up to the end of the block.</summary>
    internal static string OutputOf(string page, string sample)
    {
        string text = File.ReadAllText(Path.Combine(Root(AppContext.BaseDirectory), page)).ReplaceLineEndings("\n");
        return text.Split($"$ dotnet run --project samples/{sample}\n")[1].Split("\n```")[0];
    }

    /// <summary>The words of the promises that held: each run has numbers of its own.</summary>
    internal static IEnumerable<string> PromisesIn(string output) =>
        output.ReplaceLineEndings("\n").Split('\n').Where(static line => line.StartsWith("held ", StringComparison.Ordinal)).Select(static line => Regex.Replace(line, "[0-9][0-9,]*", "#"));

    private static string Root(string folder) =>
        File.Exists(Path.Combine(folder, "Failover.sln")) ? folder : Root(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Failover.sln is in none of the folders above the tests."));
}
