using System.Diagnostics;
using System.Globalization;

namespace Quickstart.Servers;

/// <summary>An order server in a process of its own: this same program, started in another mode. Can be killed and started again on the same port.</summary>
internal sealed class OrderServerProcess(string name, string folder) : IAsyncDisposable
{
    internal const string Mode = "--order-server";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private Process? _process;

    internal string Name => name;

    /// <summary>Where it listens; the same after a restart.</summary>
    internal Uri Address { get; private set; } = new("http://127.0.0.1:0");

    internal int ProcessId => _process!.Id;

    internal string JournalPath { get; } = Path.Combine(folder, name + ".journal");

    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
        {
            start.ArgumentList.Add(typeof(OrderServerProcess).Assembly.Location);
        }

        start.ArgumentList.Add(Mode);
        start.ArgumentList.Add(JournalPath);
        start.ArgumentList.Add(Address.Port.ToString(CultureInfo.InvariantCulture));
        _process = Process.Start(start)!;
        Address = new(await AnswerAsync(cancellationToken));
    }

    /// <summary>Ends it in the middle of what it does: SIGKILL, or on Windows TerminateProcess.</summary>
    internal async Task KillAsync(CancellationToken cancellationToken)
    {
        _process!.Kill();
        await _process.WaitForExitAsync(cancellationToken);
        _process.Dispose();
        _process = null;
    }

    /// <summary>Gets whether a process can be frozen here.</summary>
    internal static bool CanFreeze => OperatingSystem.IsLinux();

    /// <summary>Stops it as it stands (SIGSTOP): the system goes on taking connections and requests for it, and nothing answers.</summary>
    internal Task FreezeAsync(CancellationToken cancellationToken) => SignalAsync("STOP", cancellationToken);

    /// <summary>Lets it go on with what has come meanwhile.</summary>
    internal Task ThawAsync(CancellationToken cancellationToken) => SignalAsync("CONT", cancellationToken);

    /// <summary>Lets it answer 503 to everything, its health included.</summary>
    internal Task RefuseAsync(CancellationToken cancellationToken) => TellAsync(OrderServer.Refuse, cancellationToken);

    /// <summary>Lets it work again.</summary>
    internal Task ServeAsync(CancellationToken cancellationToken) => TellAsync(OrderServer.Serve, cancellationToken);

    /// <summary>Lets it work again for at most so long. It keeps the time itself: a machine that is too busy to tell it to refuse does not lengthen it.</summary>
    internal Task ServeForAsync(TimeSpan most, CancellationToken cancellationToken) =>
        TellAsync(string.Create(CultureInfo.InvariantCulture, $"{OrderServer.Serve} {most.TotalMilliseconds:0}"), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
            _process = null;
        }
    }

    private async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        using Process shell = Process.Start("sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {ProcessId}")]);
        await shell.WaitForExitAsync(cancellationToken);
        if (shell.ExitCode != 0)
        {
            throw new InvalidOperationException($"The {name} order server could not be sent SIG{signal}.");
        }
    }

    private async Task TellAsync(string command, CancellationToken cancellationToken)
    {
        await _process!.StandardInput.WriteLineAsync(command.AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        await AnswerAsync(cancellationToken);
    }

    private async Task<string> AnswerAsync(CancellationToken cancellationToken) =>
        await _process!.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Patience, cancellationToken)
        ?? throw new InvalidOperationException($"The {name} order server ended by itself.");
}
