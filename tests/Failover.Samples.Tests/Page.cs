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

    private static string Root(string folder) =>
        File.Exists(Path.Combine(folder, "Failover.sln")) ? folder : Root(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Failover.sln is in none of the folders above the tests."));
}
