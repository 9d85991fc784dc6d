using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Failover.AspNetCore.Tests.Processes;

/// <summary>A real node in a process of its own (<c>Failover.TestNode</c>), to be sent signals. It ends with the test process, however that ends.</summary>
internal sealed partial class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private NodeProcess(Process process, int port) => (_process, Port) = (process, port);

    internal int Port { get; }

    internal static async Task<NodeProcess> StartAsync(params string[] arguments)
    {
        DirectoryInfo own = new(AppContext.BaseDirectory);
        string program = Path.Combine(own.Parent!.Parent!.FullName, "Failover.TestNode", own.Name, "Failover.TestNode.dll");
        Process process = Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet", [program, "--environment", "Production", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        using CancellationTokenSource limit = new(Limit);
        string? line = await process.StandardOutput.ReadLineAsync(limit.Token);
        return line is not null && line.StartsWith("LISTENING ", StringComparison.Ordinal)
            ? new(process, int.Parse(line[10..], CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"The node did not start: {line}");
    }

    /// <summary>Sends SIGTERM, as an orchestrator does.</summary>
    internal void Terminate() => Assert.Equal(0, kill(_process.Id, 15));

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

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int processId, int signal);
}
