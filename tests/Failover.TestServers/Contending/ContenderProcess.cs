using System.Diagnostics;
using System.Globalization;
using Failover.TestServers.Network;
using Failover.TestServers.Servers;

namespace Failover.TestServers.Contending;

/// <summary>A real process (<c>Failover.Contender</c>) that wants to be the primary, and acts while it is: it can be killed, frozen, stopped and cut off. It ends with the test process, however that ends.</summary>
public sealed class ContenderProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly List<string> _output = [];
    private readonly Process _process;
    private readonly Task _reading;

    private ContenderProcess(string holder, NetworkHost? host, Process process)
    {
        (Holder, Host, _process) = (holder, host, process);
        _reading = ReadAsync();
    }

    /// <summary>Gets what it is called.</summary>
    public string Holder { get; }

    /// <summary>Gets the host that it runs on; null for the test's own.</summary>
    public NetworkHost? Host { get; }

    /// <summary>Gets what it has said.</summary>
    public IReadOnlyList<string> Output
    {
        get
        {
            lock (_output)
            {
                return [.. _output];
            }
        }
    }

    /// <summary>Starts a contender and waits until it competes.</summary>
    /// <param name="client">How it competes: etcd, postgresql, kubernetes, distributedlock, leaderelector.</param>
    /// <param name="server">Where the arbiter is.</param>
    /// <param name="gate">What it competes for.</param>
    /// <param name="holder">What it is called.</param>
    /// <param name="duration">How long a lease lasts.</param>
    /// <param name="on">What it acts on.</param>
    /// <param name="host">The host that it runs on.</param>
    /// <param name="environment">More of its environment: <c>LD_PRELOAD</c>, for a clock that lies.</param>
    public static async Task<ContenderProcess> StartAsync(string client, string server, string gate, string holder, TimeSpan duration, ActedOn on, NetworkHost? host = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        string[] command =
        [
            .. host?.Prefix ?? [], TestProgram.DotnetHost(), TestProgram.PathOf("Failover.Contender"),
            "--Client", client, "--Server", server, "--Gate", gate, "--Holder", holder, "--Duration", duration.TotalSeconds.ToString(CultureInfo.InvariantCulture), "--Acts", on.SocketPath,
        ];
        ProcessStartInfo start = new(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        ContenderProcess contender = new(holder, host, Process.Start(start)!);
        try
        {
            await Waiting.ForAsync<object>(
                () => Task.FromResult<object?>(contender.Output.Contains("ready") ? contender : contender._process.HasExited ? throw new InvalidOperationException(string.Join('\n', contender.Output)) : null),
                TimeSpan.FromMilliseconds(20), StartLimit, () => $"{holder} to be ready: {string.Join('\n', contender.Output)}");
            return contender;
        }
        catch
        {
            await contender.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops it with SIGSTOP. On Linux each of its threads has stopped when this returns.</summary>
    public void Freeze() => Signals.Freeze(_process.Id);

    /// <summary>Lets it go on.</summary>
    public void Thaw() => Signals.Thaw(_process.Id);

    /// <summary>Ends it at once, with SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end, with SIGTERM, as a service manager does; returns at once.</summary>
    public void Terminate() => Signals.Terminate(_process.Id);

    /// <summary>Waits until it has ended.</summary>
    public Task EndAsync() => _process.WaitForExitAsync().WaitAsync(StartLimit);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        await Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
    }

    private async Task ReadAsync(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (_output)
            {
                _output.Add(line);
            }
        }
    }
}
