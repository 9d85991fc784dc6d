using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Failover.AspNetCore.Tests.Processes;

/// <summary>A real node in a process of its own (<c>Failover.TestNode</c>), to be sent signals. It ends with the test process, however that ends.</summary>
internal sealed partial class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Checks run often and count at once.</summary>
    private static readonly string[] Settings =
    [
        "--Logging:LogLevel:Microsoft", "Warning", "--Failover:Health:Period", "00:00:00.200", "--Failover:Health:FailurePeriod", "00:00:00.100", "--Failover:Health:Timeout", "00:00:01", "--Failover:Health:Fall", "1",
    ];

    private readonly ConcurrentQueue<string> _output = [];
    private readonly TaskCompletionSource<Match> _listens = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;

    private NodeProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    internal int Port { get; private set; }

    /// <summary>The port on which everybody sees details.</summary>
    internal int ManagementPort { get; private set; }

    /// <summary>Where HAProxy's agent checks are answered, if <c>--Failover:HaproxyAgent:Port 0</c> asked for it.</summary>
    internal int AgentPort { get; private set; }

    /// <summary>All that it has written, its log and what went wrong.</summary>
    internal IEnumerable<string> Output => _output;

    /// <summary>Starts a node.</summary>
    /// <param name="arguments">Settings, <c>--Failover:Draining:Hold 00:00:02</c>, and what it is to check.</param>
    internal static Task<NodeProcess> StartAsync(params string[] arguments) => StartAsync([], arguments);

    internal static async Task<NodeProcess> StartAsync(IEnumerable<(string Name, string Value)> environment, params string[] arguments)
    {
        DirectoryInfo own = new(AppContext.BaseDirectory);
        string program = Path.Combine(own.Parent!.Parent!.FullName, "Failover.TestNode", own.Name, "Failover.TestNode.dll");
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet", [program, "--environment", "Production", .. Settings, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        NodeProcess node = new(Process.Start(start)!);
        try
        {
            Match ports = await node._listens.Task.WaitAsync(Limit);
            (node.Port, node.ManagementPort) = (Number(ports.Groups[1]), Number(ports.Groups[2]));
            if (arguments.Contains("--Failover:HaproxyAgent:Port"))
            {
                // The log is written in the background.
                await App.UntilAsync(() => node.Output.Any(Agent().IsMatch), "the node says where its agent is");
                node.AgentPort = Number(Agent().Match(node.Output.First(Agent().IsMatch)).Groups[1]);
            }

            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>What an endpoint says over a connection of its own, on the public port unless another is asked for; null if there is no answer in time.</summary>
    internal async Task<(HttpStatusCode Status, string Body)?> AskAsync(string path, int? port = null, TimeSpan? timeout = null)
    {
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = timeout ?? TimeSpan.FromSeconds(30) };
        try
        {
            using HttpResponseMessage response = await client.GetAsync(App.On(port ?? Port, path));
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Waits until an endpoint answers with a status.</summary>
    internal async Task UntilAsync(string path, HttpStatusCode status)
    {
        using CancellationTokenSource limit = new(Limit);
        while (await AskAsync(path) is not { } answer || answer.Status != status)
        {
            Assert.False(limit.IsCancellationRequested, $"{path} does not say {status}: {await AskAsync(path, ManagementPort)}");
            await Task.Delay(10, CancellationToken.None);
        }
    }

    /// <summary>Sends SIGTERM, as an orchestrator does.</summary>
    internal void Terminate() => Assert.Equal(0, kill(_process.Id, 15));

    /// <summary>Ends it with SIGKILL.</summary>
    internal void Kill() => _process.Kill();

    /// <summary>Lets the threads go that <c>/hold</c> took.</summary>
    internal void Release() => _process.StandardInput.WriteLine();

    /// <summary>Waits until the process has ended.</summary>
    internal async Task<int> ExitAsync()
    {
        using CancellationTokenSource limit = new(Limit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            _listens.TrySetException(new InvalidOperationException($"The node did not start: {string.Join('\n', _output)}"));
            return;
        }

        _output.Enqueue(line);
        if (Listening().Match(line) is { Success: true } ports)
        {
            _listens.TrySetResult(ports);
        }
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("^LISTENING ([0-9]+) ([0-9]+)$")]
    private static partial Regex Listening();

    [GeneratedRegex(@"Answers HAProxy's agent checks on 127\.0\.0\.1:([0-9]+)")]
    private static partial Regex Agent();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int processId, int signal);
}
