using System.Diagnostics;
using Failover.TestServers;
using Failover.TestServers.Servers;
using Failover.TestServers.Virtual;

namespace VirtualIp.Demo;

/// <summary>A node and the app on it: this program, in a process of its own, as a user without any rights.</summary>
internal sealed class Node(Screen screen, VirtualSite site, VirtualNode node) : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _app = Path.Combine(node.Keepalived.Folder, "app");
    private readonly string _spool = Path.Combine(node.Keepalived.Folder, "spool");
    private readonly Lock _gate = new();
    private readonly List<Told> _told = [];
    private readonly List<string> _said = [];
    private Process? _process;
    private Task _reading = Task.CompletedTask;
    private volatile Standing? _standing;

    internal string Name => node.Name;

    internal VirtualNode On => node;

    internal bool IsRunning => _process is not null;

    /// <summary>How the app stands; null if it does not run, or has not said so yet.</summary>
    internal Standing? Standing => _standing;

    /// <summary>That, for a line.</summary>
    internal string Words => _standing is { } standing ? $"{standing.Vrrp}, {standing.Credit}" : "no app";

    /// <summary>The switchovers that its apps told.</summary>
    internal IReadOnlyList<Told> Switchovers
    {
        get
        {
            lock (_gate)
            {
                return [.. _told];
            }
        }
    }

    /// <summary>Who has the address, as the kernel of each node says.</summary>
    internal static string HolderAmong(params Node[] nodes) => nodes.Where(static node => node.On.OwnsAddress).ToArray() switch
    {
        [] => "nobody",
        [var one] => one.Name,
        _ => "both",
    };

    /// <summary>Makes what the app needs: a copy that its user can reach, wherever the repository is, and a folder that it may write to.</summary>
    internal async Task PrepareAsync()
    {
        await LoopbackServer.RunAsync("cp", "-rL", AppContext.BaseDirectory, _app);
        await LoopbackServer.RunAsync("chmod", "-R", "a+rX", _app);
        Directory.CreateDirectory(_spool);
        await LoopbackServer.RunAsync("chown", VirtualNode.User, _spool);
    }

    internal void Start()
    {
        string peer = site.PeerOf(node).Name;
        string[] command =
        [
            RequiredServer.Locate("ip"), "netns", "exec", node.Network, RequiredServer.Locate("setpriv"), $"--reuid={VirtualNode.User}", $"--regid={VirtualNode.Group}", "--clear-groups", "--no-new-privs",
            TestProgram.DotnetHost(), Path.Combine(_app, "VirtualIp.dll"), "--node", Name, "--peer", peer, "--process", node.ProcessName,
        ];
        ProcessStartInfo start = new(command[0], command[1..]) { WorkingDirectory = _app, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string key, string value) in Settings(peer))
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        _process = Process.Start(start)!;
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
    }

    /// <summary>Takes the folder away that the app writes to: a disk that has failed.</summary>
    internal void BreakSpool() => Directory.Move(_spool, $"{_spool}.away");

    internal void MendSpool() => Directory.Move($"{_spool}.away", _spool);

    /// <summary>Ends the app as <c>kill -9</c> does.</summary>
    internal async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            await _reading;
            process.Dispose();
            (_process, _standing) = (null, null);
        }
    }

    /// <summary>Asks the app to have the address moved.</summary>
    internal Task MoveToAsync(Node to) => _process!.StandardInput.WriteLineAsync(to.Name);

    /// <summary>Waits until something is so.</summary>
    internal Task WaitAsync(Func<Node, bool> isIt, string what) =>
        Waiting.ForAsync(() => Task.FromResult(isIt(this) ? this : null), Look, Patience, () => $"{Name}: {what}; it stands so: {_standing}. It said:\n{Said()}");

    public async ValueTask DisposeAsync() => await KillAsync();

    private Dictionary<string, string> Settings(string peer) => new()
    {
        ["ASPNETCORE_URLS"] = $"http://*:{VirtualSite.Port}",
        ["DOTNET_EnableDiagnostics"] = "0",
        ["Spool"] = _spool,
        ["Failover:Peers:Node"] = Name,
        ["Failover:Peers:Key"] = "a secret that both nodes share",
        ["Failover:Peers:Addresses:0"] = $"http://{site.PeerOf(node).ManagementAddress}:{VirtualSite.Port}/health/peer",
        ["Failover:Health:Period"] = "00:00:00.100",
        ["Failover:Health:FailurePeriod"] = "00:00:00.100",
        ["Failover:Groups:site:CreditFile"] = node.CreditFile,
        ["Failover:Groups:site:Fifo"] = node.Fifo,
    };

    private string Said()
    {
        lock (_gate)
        {
            return string.Join('\n', _said);
        }
    }

    /// <summary>Tells what it logs, without the category; how it stands, and what it tells of switchovers, is only kept.</summary>
    private async Task ReadAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            if (Standing.TryRead(line) is { } standing)
            {
                _standing = standing;
            }
            else if (Told.TryRead(line) is { } told)
            {
                lock (_gate)
                {
                    _told.Add(told);
                }
            }
            else
            {
                lock (_gate)
                {
                    _said.Add(line);
                }

                screen.Tell($"{Name}: {line[(line.IndexOf(']', StringComparison.Ordinal) + 1)..].Trim()}");
            }
        }
    }
}
