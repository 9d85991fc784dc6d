using System.Text.RegularExpressions;

namespace Failover.TestServers;

/// <summary>What a page of the docs shows.</summary>
public static class Page
{
    /// <summary>Gets where etcd and the servers of the page of names are in tests: on this machine, where nobody listens. Nothing of a test leaves it.</summary>
    public static IReadOnlyDictionary<string, string?> Here { get; } = new Dictionary<string, string?>
    {
        ["Failover:Etcd:Endpoints:0"] = "http://127.0.0.1:9",
        ["Failover:Etcd:Endpoints:1"] = "http://127.0.0.2:9",
        ["Failover:Etcd:Endpoints:2"] = "http://127.0.0.3:9",
        ["Failover:Groups:site:Members:0:Address"] = "http://127.0.0.1:9",
        ["Failover:Groups:site:Members:1:Address"] = "http://127.0.0.1:9/b",
    };

    /// <summary>The lines below <c>$ dotnet run --project samples/…</c>, up to the end of the block.</summary>
    /// <param name="page">The path of the page within the repository.</param>
    /// <param name="sample">The name of the sample.</param>
    public static string OutputOf(string page, string sample) => TextOf(page).Split($"$ dotnet run --project samples/{sample}\n")[1].Split("\n```")[0];

    /// <summary>The blocks of JSON that hold a text, in order.</summary>
    /// <param name="page">The path of the page within the repository.</param>
    /// <param name="with">The text.</param>
    public static IReadOnlyList<string> JsonOf(string page, string with) =>
        [.. TextOf(page).Split("```json\n").Skip(1).Select(static block => block.Split("\n```")[0]).Where(block => block.Contains(with, StringComparison.Ordinal))];

    /// <summary>The words of the promises that held: each run has numbers of its own.</summary>
    /// <param name="output">What a sample printed.</param>
    public static IEnumerable<string> PromisesIn(string output) =>
        output.ReplaceLineEndings("\n").Split('\n').Where(static line => line.StartsWith("held ", StringComparison.Ordinal)).Select(static line => Regex.Replace(line, "[0-9][0-9,]*", "#"));

    private static string TextOf(string page) => File.ReadAllText(Path.Combine(Root(AppContext.BaseDirectory), page)).ReplaceLineEndings("\n");

    private static string Root(string folder) =>
        File.Exists(Path.Combine(folder, "Failover.sln")) ? folder : Root(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Failover.sln is in none of the folders above the tests."));
}
