using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Failover.TestServers.Aws;

/// <summary>AWS's own command line, as operators use it: it signs, writes and reads by AWS's own code.</summary>
public static class AwsCli
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Runs a command, and returns what it printed as JSON.</summary>
    /// <param name="aws">What it speaks to.</param>
    /// <param name="arguments">The command: <c>route53 get-change --id …</c>.</param>
    /// <exception cref="InvalidOperationException">It failed; the message is what it said.</exception>
    public static async Task<JsonNode> RunAsync(AwsStandIn aws, params string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(aws);
        ArgumentNullException.ThrowIfNull(arguments);
        ProcessStartInfo start = new(RequiredServer.Locate("aws"), ["--endpoint-url", aws.Address.AbsoluteUri, "--output", "json", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["AWS_ACCESS_KEY_ID"] = AwsStandIn.Key,
                ["AWS_SECRET_ACCESS_KEY"] = AwsStandIn.Secret,

                // With an endpoint of its own it signs for this region, and not for the one of Route 53.
                ["AWS_DEFAULT_REGION"] = arguments[0] == "route53" ? "us-east-1" : AwsStandIn.Region,
                ["AWS_CONFIG_FILE"] = "/dev/null",
                ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null",
                ["AWS_MAX_ATTEMPTS"] = "1",
                ["AWS_PAGER"] = "",
            },
        };
        start.Environment.Remove("AWS_PROFILE");
        start.Environment.Remove("AWS_SESSION_TOKEN");
        using Process process = Process.Start(start)!;
        using CancellationTokenSource limit = new(Limit);
        Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"aws {string.Join(' ', arguments)} took more than {Limit.TotalSeconds} s.");
        }

        return process.ExitCode == 0 ? JsonNode.Parse(await output) ?? throw new JsonException("null") : throw new InvalidOperationException((await error).Trim());
    }
}
