using System.Diagnostics;
using Failover.AspNetCore.Tests.Processes;
using Failover.TestServers;

namespace Failover.AspNetCore.Tests.Curl;

/// <summary>What operators and scripts see who ask with curl.</summary>
[Collection("Nodes")]
public class CurlTests
{
    private const string Json = "application/health+json";

    private static readonly string Nowhere = OperatingSystem.IsWindows() ? "NUL" : "/dev/null";

    [ServerFact("curl")]
    public async Task Each_endpoint_is_answered_to_curl_as_documented()
    {
        string license = Path.GetTempFileName();
        await using NodeProcess node = await NodeProcess.StartAsync("--license", license);
        await node.UntilAsync("/health", System.Net.HttpStatusCode.OK);
        foreach (string path in new[] { "/health", "/health/ready", "/health/live", "/health/startup" })
        {
            Assert.Equal((0, $$"""{"status":"pass"}|200 1.1 {{Json}} 17"""), await CurlAsync(node, path));
            Assert.Equal((0, $$"""{"status":"pass"}|200 1.1 {{Json}} 17"""), await CurlAsync(node, path, "--http1.0"));
            Assert.Equal((0, "pass|200 1.1 text/plain 4"), await CurlAsync(node, path, "-H", "Accept: text/plain"));
            Assert.Equal((0, $"|200 1.1 {Json} 0"), await CurlAsync(node, path, "--head", "-o", Nowhere));
            Assert.Equal((22, "|405 1.1  0"), await CurlAsync(node, path, "--fail", "-d", "x"));
        }

        File.Delete(license);
        await node.UntilAsync("/health", System.Net.HttpStatusCode.ServiceUnavailable);
        Assert.Equal((22, $"|503 1.1 {Json} 0"), await CurlAsync(node, "/health", "--fail"));
        Assert.Equal((22, $"|503 1.1 {Json} 0"), await CurlAsync(node, "/health/ready", "--fail", "--head", "-o", Nowhere));
        Assert.Equal((0, $$"""{"status":"fail"}|503 1.1 {{Json}} 17"""), await CurlAsync(node, "/health/ready"));
        Assert.Equal((0, $$"""{"status":"pass"}|200 1.1 {{Json}} 17"""), await CurlAsync(node, "/health/live", "--fail"));
        Assert.Equal((0, $$"""{"status":"pass"}|200 1.1 {{Json}} 17"""), await CurlAsync(node, "/health/startup", "--fail"));
    }

    /// <summary>Its exit code and, after the body, the status, the version, the content type and the bytes that came.</summary>
    private static async Task<(int Code, string Said)> CurlAsync(NodeProcess node, string path, params string[] arguments)
    {
        using Process curl = Process.Start(new ProcessStartInfo(RequiredServer.Locate("curl"), ["-q", "-s", "--noproxy", "*", "--max-time", "30", "-w", "|%{http_code} %{http_version} %{content_type} %{size_download}", .. arguments, App.On(node.Port, path)])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        string said = await curl.StandardOutput.ReadToEndAsync();
        await curl.WaitForExitAsync();
        return (curl.ExitCode, said);
    }
}
