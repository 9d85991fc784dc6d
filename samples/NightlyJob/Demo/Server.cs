using System.Diagnostics;
using System.Globalization;
using Failover.TestServers;
using Failover.TestServers.Contending;
using Failover.TestServers.Servers;

namespace NightlyJob.Demo;

/// <summary>A server that the job may run on: this program, in a process of its own.</summary>
internal sealed class Server(string name, IEnumerable<EtcdServer> etcd, ActedOn ledger) : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string[] _arguments =
        [.. Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Server).Assembly.Location] : Array.Empty<string>(), "--server", name, "--etcd", string.Join(',', etcd.Select(static member => member.Address.OriginalString)), "--ledger", ledger.SocketPath];

    private Process? _process;
    private Task _reading = Task.CompletedTask;
    private volatile string _health = "";

    internal string Name => name;

    /// <summary>Whether it was seen well as the primary.</summary>
    internal bool WasHealthyPrimary { get; private set; }

    /// <summary>Whether it was seen well as a standby.</summary>
    internal bool WasHealthyStandby { get; private set; }

    internal void Start()
    {
        _health = "";
        _process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, _arguments)
        {
            // Its configuration is watched for changes, with all that is below.
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        _reading = ReadAsync(_process.StandardOutput);
    }

    /// <summary>Asks it to end, as <c>kill</c>, systemd and Kubernetes do.</summary>
    internal void Stop() => Signals.Terminate(_process!.Id);

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    internal void Kill() => Signals.KillAlone(_process!.Id);

    /// <summary>Freezes it, as a paused virtual machine is, or a process that swaps.</summary>
    internal void Freeze() => Signals.Freeze(_process!.Id);

    internal void Wake() => Signals.Thaw(_process!.Id);

    /// <summary>Waits until it says that it is well, and a standby of another.</summary>
    internal Task StandsByAsync(Server primary) => Waiting.ForAsync<object>(
        () => Task.FromResult<object?>(_health == HealthLine.Standby + primary.Name ? this : null), Look, Patience, () => $"{name} to stand by; its health is '{_health}'.");

    /// <summary>Waits until its process is gone.</summary>
    internal async Task EndAsync()
    {
        await _process!.WaitForExitAsync().WaitAsync(Patience);
        await _reading;
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            Kill();
            await EndAsync();
        }
    }

    /// <summary>Tells what it logs, without the category; its health is only kept.</summary>
    private async Task ReadAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(HealthLine.Begin, StringComparison.Ordinal))
            {
                _health = line[HealthLine.Begin.Length..];
                WasHealthyPrimary |= _health.StartsWith(HealthLine.Primary, StringComparison.Ordinal);
                WasHealthyStandby |= _health.StartsWith(HealthLine.Standby, StringComparison.Ordinal);
            }
            else
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ledger.Now.TotalSeconds,5:0.0} s  {name}: {line[(line.IndexOf(']', StringComparison.Ordinal) + 1)..].Trim()}"));
            }
        }
    }
}
