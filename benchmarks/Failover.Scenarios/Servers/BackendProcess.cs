using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;

namespace Failover.Scenarios.Servers;

/// <summary>A server in a process of its own: this program, started again. It can be killed, frozen, told to fail, and started again on the same port.</summary>
internal sealed partial class BackendProcess : IAsyncDisposable
{
    private const int SigCont = 18;
    private const int SigStop = 19;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly PortReservation _reservation;
    private readonly int _work;
    private Process? _process;
    private Witness? _witness;

    private BackendProcess(string name, string journal, int work, IPAddress address, int port)
    {
        Name = name;
        JournalPath = journal;
        _work = work;
        _reservation = new(address, port);
        Address = new Uri($"http://{address}:{_reservation.Port}/");
    }

    internal string Name { get; }

    internal Uri Address { get; }

    internal string JournalPath { get; }

    internal static bool CanFreeze => OperatingSystem.IsLinux();

    /// <param name="name">Who it says it is.</param>
    /// <param name="directory">Where its journal goes.</param>
    /// <param name="work">How long it works on each request, in milliseconds.</param>
    internal static Task<BackendProcess> StartAsync(string name, string directory, int work) => StartAsync(name, directory, work, IPAddress.Loopback, port: 0);

    /// <param name="name">Who it says it is.</param>
    /// <param name="directory">Where its journal goes.</param>
    /// <param name="work">How long it works on each request, in milliseconds.</param>
    /// <param name="address">The loopback address that it listens on.</param>
    /// <param name="port">The port; 0 for a free one.</param>
    internal static async Task<BackendProcess> StartAsync(string name, string directory, int work, IPAddress address, int port)
    {
        BackendProcess process = new(name, Path.Combine(directory, $"{name}.journal"), work, address, port);
        await process.StartAsync();
        return process;
    }

    /// <summary>Starts it on its port. Returns when it began to listen.</summary>
    internal async Task<long> StartAsync()
    {
        _process = ChildProcess.Start("server", Name, Address.Host, Number(_reservation.Port), Number(_work), JournalPath);
        long listening = await ReadAsync("listening");
        _witness?.Dispose();
        _witness = new(Address);
        return listening;
    }

    /// <summary>
    /// SIGKILL, where there are signals: no goodbye to anybody. Returns when its connections broke: the operating system first takes the memory back, for tens of milliseconds, and
    /// until then goes on accepting requests for it.
    /// </summary>
    internal async Task<long> KillAsync()
    {
        Task<long> broken = _witness!.BrokenAsync(StartLimit);
        _process!.Kill();
        await _process.WaitForExitAsync();
        return await broken;
    }

    /// <summary>SIGSTOP: its sockets go on accepting, but nobody answers. Returns when it was sent.</summary>
    internal long Freeze() => Signal(SigStop);

    internal long Thaw() => Signal(SigCont);

    /// <summary>It answers everything, probes too, with this status. Returns from when on.</summary>
    internal Task<long> AnswerWithAsync(int status) => CommandAsync($"status {status}");

    /// <summary>It works this long on each request. Returns from when on.</summary>
    internal Task<long> WorkForAsync(int milliseconds) => CommandAsync($"work {milliseconds}");

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        _witness?.Dispose();
        _reservation.Dispose();
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private async Task<long> CommandAsync(string command)
    {
        await _process!.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        return await ReadAsync("done");
    }

    /// <returns>The time that the server wrote behind the word.</returns>
    private async Task<long> ReadAsync(string expected)
    {
        string? line = await _process!.StandardOutput.ReadLineAsync().WaitAsync(StartLimit);
        return line?.Split(' ') is [var word, var at] && word == expected
            ? long.Parse(at, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"The server {Name} said '{line}' in place of '{expected}'.");
    }

    private long Signal(int signal)
    {
        long sent = Stopwatch.GetTimestamp();
        return SendSignal(_process!.Id, signal) == 0
            ? sent
            : throw new InvalidOperationException($"Signal {signal} to the server {Name}: error {Marshal.GetLastPInvokeError()}.");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
