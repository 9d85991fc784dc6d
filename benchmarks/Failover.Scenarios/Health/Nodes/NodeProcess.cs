using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Failover.Scenarios.Servers;

namespace Failover.Scenarios.Health.Nodes;

/// <summary>A <see cref="HealthNode"/> in a process of its own.</summary>
internal sealed partial class NodeProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private NodeProcess(string kind, Process process, int port, int operators) => (Kind, _process, Port, OperatorsPort) = (kind, process, port, operators);

    internal string Kind { get; }

    internal int Port { get; }

    internal int OperatorsPort { get; }

    internal static async Task<NodeProcess> StartAsync(string kind, string load, bool isShort)
    {
        Process process = ChildProcess.Start("health-node", kind, load, isShort ? HealthNode.Short : "full");
        int[] ports = Numbers(await process.StandardOutput.ReadLineAsync().WaitAsync(Limit));
        return new(kind, process, ports[0], ports[1]);
    }

    /// <summary>Sends a command, and reads the numbers of its answer.</summary>
    internal async Task<int[]> AskAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        return Numbers(await _process.StandardOutput.ReadLineAsync().WaitAsync(Limit));
    }

    /// <summary>The processor time that it has had, in microseconds.</summary>
    internal async Task<int> CpuAsync() => (await AskAsync("cpu"))[0];

    /// <summary>Sends SIGTERM, as an orchestrator does. Returns when.</summary>
    internal long Terminate()
    {
        long sent = Stopwatch.GetTimestamp();
        return SendSignal(_process.Id, SigTerm) == 0 ? sent : throw new InvalidOperationException($"SIGTERM to {Kind}: error {Marshal.GetLastPInvokeError()}.");
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

    private static int[] Numbers(string? line) =>
        line is null ? throw new InvalidOperationException("The node ended.") : line == "done" ? [] : [.. line.Split(' ').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
