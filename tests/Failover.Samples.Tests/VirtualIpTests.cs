using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Failover.TestServers;
using Failover.TestServers.Network;

namespace Failover.Samples.Tests;

/// <summary>Not beside the quickstart: each loses servers under load, and wants a processor for itself.</summary>
[Collection(nameof(Sample))]
public sealed partial class VirtualIpTests
{
    private static readonly string[] Holders = ["node-a", "node-b", "node-b", "node-a", "node-a", "node-b", "node-a"];

    [NetworkFact("keepalived", "setpriv", "curl")]
    public async Task The_address_leaves_a_node_that_fails_and_is_moved_and_comes_back_and_every_promise_holds()
    {
        await using var sample = Sample.Start("VirtualIp", []);

        int code = await sample.EndAsync();

        Assert.True(code == 0, sample.Output);
        string[] lines = sample.Output.Split(Environment.NewLine);
        Assert.Equal(4, lines.Count(static line => line.StartsWith("held ", StringComparison.Ordinal)));
        Assert.Equal(Page.PromisesIn(Page.OutputOf("samples/VirtualIp/README.md", "VirtualIp")), Page.PromisesIn(sample.Output));
        Match[] rows = [.. lines.Select(static line => TableRow().Match(line)).Where(static match => match.Success)];
        Assert.Equal(Holders, rows.Select(static row => row.Groups["holder"].Value));
        Assert.All(rows, static row => Assert.Equal(("0", true), (row.Groups["failed"].Value, row.Groups["requests"].Value != "0")));
        Assert.Equal(
            ["Failover: node-a -> node-b", "Failover: node-b -> node-a", "Manual: node-a -> node-b", "Manual: node-b -> node-a"],
            lines.Select(static line => Switchover().Match(line)).Where(static match => match.Success).Select(static match => match.Groups["move"].Value));
        Assert.Contains(lines, static line => EachSecond().IsMatch(line));
    }

    [NetworkFact("setpriv")]
    [SupportedOSPlatform("linux")]
    public async Task Without_root_it_says_in_a_sentence_what_is_missing()
    {
        // A copy: whoever is not root may not reach the repository.
        DirectoryInfo folder = Directory.CreateTempSubdirectory("failover-sample-");
        try
        {
            File.SetUnixFileMode(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
            foreach (string file in Directory.GetFiles(Sample.FolderOf("VirtualIp")))
            {
                string copy = Path.Combine(folder.FullName, Path.GetFileName(file));
                File.Copy(file, copy);
                File.SetUnixFileMode(copy, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
            }

            using Process process = Process.Start(new ProcessStartInfo("setpriv", ["--reuid=nobody", "--regid=nogroup", "--clear-groups", "dotnet", Path.Combine(folder.FullName, "VirtualIp.dll")]) { WorkingDirectory = "/", RedirectStandardError = true })!;
            string words = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();

            Assert.Equal(2, process.ExitCode);
            Assert.Matches("^This needs root, [^.]*\\.\\s*$", words);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task It_says_what_it_does_not_understand()
    {
        await using var sample = Sample.Start("VirtualIp", ["--serve"]);

        Assert.Equal(2, await sample.EndAsync());
    }

    [GeneratedRegex(@"^.{28}(?<holder>\S+) +[\d,]+ ms +[\d,]+ ms +(?<requests>[\d,]+) +\d+ +(?<failed>\d+)$")]
    private static partial Regex TableRow();

    [GeneratedRegex(@"^node-a tells  (?<move>[^,]+), Completed")]
    private static partial Regex Switchover();

    [GeneratedRegex(@"^ *[\d.]+ s  node-b has it \| answered: node-a +0  node-b +[1-9]\d* ")]
    private static partial Regex EachSecond();
}
