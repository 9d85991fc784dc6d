using System.Globalization;
using Failover.TestServers.Servers;

namespace Failover.TestServers.Virtual;

/// <summary>A real keepalived on a node of a <see cref="VirtualSite"/>. Started from the machine's own network, which alone tells of processes that begin and end, and then in that of its node.</summary>
public sealed class KeepalivedServer : LoopbackServer
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly string _network;

    internal KeepalivedServer(string network) => _network = network;

    /// <summary>Gets what keepalived said since it was started last.</summary>
    public string Log => LastLog;

    /// <summary>Gets whether its script passed when it was run last; it says so only when that changes.</summary>
    public bool ScriptPasses => Log.Split('\n').LastOrDefault(static line => line.Contains("VRRP_Script(", StringComparison.Ordinal)) is { } line && line.Contains("succeeded", StringComparison.Ordinal);

    /// <summary>Gets the path of its configuration.</summary>
    public string ConfigurationFile => Path.Combine(Folder, "keepalived.conf");

    /// <inheritdoc/>
    protected override string ReadyWords => "Startup complete";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Command =>
    [
        "/usr/bin/env", $"TMPDIR={Folder}", RequiredServer.Locate("keepalived"), "-n", "-l", "-D",
        "-f", ConfigurationFile, "-p", Path.Combine(Folder, "keepalived.pid"), "-r", VrrpPidFile, "-s", _network,
    ];

    private string VrrpPidFile => Path.Combine(Folder, "vrrp.pid");

    /// <summary>Asks keepalived to end, with SIGTERM, and waits until it has: it gives the address up.</summary>
    public async Task StopAsync()
    {
        Signals.Terminate(ProcessId);
        await EndedAsync(ProcessId);
        await KillAsync();
    }

    /// <summary>Ends keepalived's parent process at once; its child sees that and gives the address up.</summary>
    public async Task KillParentAsync()
    {
        int child = Child;
        Signals.KillAlone(ProcessId);
        await EndedAsync(child);
        await KillAsync();
    }

    /// <summary>Ends the process that speaks VRRP at once, and waits until keepalived has started another.</summary>
    public async Task KillChildAsync()
    {
        int child = Child;
        Signals.KillAlone(child);
        await Waiting.ForAsync(() => Task.FromResult(TryChild() is { } other && other != child ? this : null), Pace, Limit, () => $"keepalived to start its child again: {Log}");
    }

    /// <summary>Stops the process that speaks VRRP with SIGSTOP: it has the address still, and says nothing.</summary>
    public void FreezeChild() => Signals.Freeze(Child);

    /// <summary>Lets that go on.</summary>
    public void ThawChild() => Signals.Thaw(Child);

    /// <summary>Has keepalived read its configuration again, with SIGHUP; returns at once.</summary>
    public void Reload() => Signals.Reload(ProcessId);

    /// <summary>Both processes stop before either ends: neither sees the other's end, so the address stays where it is.</summary>
    protected override void Kill()
    {
        Signals.Freeze(ProcessId);
        Signals.Kill(ProcessId);
    }

    /// <summary>A pid file that was left, of a process that nobody has reaped yet or of another that has its number now, keeps keepalived from starting.</summary>
    internal void ForgetProcesses()
    {
        File.Delete(Path.Combine(Folder, "keepalived.pid"));
        File.Delete(VrrpPidFile);
    }

    /// <inheritdoc/>
    protected override Task PrepareAsync() => Task.CompletedTask;

    private int Child => TryChild() ?? throw new InvalidOperationException($"keepalived has no child: {Log}");

    private int? TryChild() =>
        File.Exists(VrrpPidFile) && int.TryParse(File.ReadAllText(VrrpPidFile), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int child) && Signals.IsAlive(child) ? child : null;

    private static async Task EndedAsync(int process) => await Waiting.ForAsync(() => Task.FromResult(Signals.IsAlive(process) ? null : "ended"), Pace, Limit, () => $"keepalived's process {process} to end");
}
