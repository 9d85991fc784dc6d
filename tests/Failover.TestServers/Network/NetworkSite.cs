using System.Globalization;
using Failover.TestServers.Servers;

namespace Failover.TestServers.Network;

/// <summary>
/// Hosts with networks of their own (Linux network namespaces, for root), joined by one switch. A host can be cut off: its cable is out, and nobody is told. Files, and sockets that are files, are shared by all.
/// </summary>
public sealed class NetworkSite : IAsyncDisposable
{
    internal const string Switch = "switch";

    private static int s_sites;

    private readonly string _prefix;
    private readonly string _hub;
    private readonly List<NetworkHost> _hosts = [];

    private NetworkSite(int number) => (_prefix, _hub) = ($"fo{Environment.ProcessId}-{number}", $"fo{Environment.ProcessId}-{number}-hub");

    /// <summary>Gets whether hosts can be made here.</summary>
    public static bool IsPossible => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && RequiredServer.Find("ip") is not null;

    /// <summary>Gets why no hosts can be made here, where their programs are; null if they can.</summary>
    internal static string? Missing => IsPossible ? null : "Only root can make network namespaces.";

    /// <summary>Gets where the switches are.</summary>
    internal string Hub => _hub;

    /// <summary>Gets the hosts.</summary>
    public IReadOnlyList<NetworkHost> Hosts => _hosts;

    /// <summary>Makes a number of hosts.</summary>
    public static async Task<NetworkSite> StartAsync(int hosts)
    {
        await RemoveLeftoversAsync();
        NetworkSite site = new(Interlocked.Increment(ref s_sites));
        try
        {
            await IpAsync("netns", "add", site._hub);
            await IpAsync("-n", site._hub, "link", "add", Switch, "type", "bridge");
            await IpAsync("-n", site._hub, "link", "set", Switch, "up");
            for (int i = 1; i <= hosts; i++)
            {
                site._hosts.Add(await site.AddAsync(i));
            }

            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>Removes the hosts. What runs on them is to be ended first.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (string name in (await IpAsync("netns", "list")).Split('\n').Select(NameOf).Where(name => name.StartsWith(_prefix + "-", StringComparison.Ordinal)))
        {
            await IpAsync("netns", "del", name);
        }
    }

    internal Task SetCableAsync(NetworkHost host, bool isIn) => IpAsync("-n", _hub, "link", "set", $"port{host.Number}", isIn ? "up" : "down");

    internal static Task<string> IpAsync(params string[] arguments) => LoopbackServer.RunAsync([RequiredServer.Locate("ip"), .. arguments]);

    private async Task<NetworkHost> AddAsync(int number)
    {
        string name = $"{_prefix}-{number}";
        NetworkHost host = new(this, number, name);
        await IpAsync("netns", "add", name);
        await IpAsync("-n", name, "link", "set", "lo", "up");
        await IpAsync("-n", _hub, "link", "add", $"port{number}", "type", "veth", "peer", "name", "eth0", "netns", name);
        await IpAsync("-n", _hub, "link", "set", $"port{number}", "master", Switch, "up");
        await IpAsync("-n", name, "addr", "add", $"{host.Address}/24", "dev", "eth0");
        await IpAsync("-n", name, "link", "set", "eth0", "up");
        return host;
    }

    /// <summary>What a test process that was killed has left.</summary>
    private static async Task RemoveLeftoversAsync()
    {
        foreach (string name in (await IpAsync("netns", "list")).Split('\n').Select(NameOf))
        {
            if (name.StartsWith("fo", StringComparison.Ordinal) && int.TryParse(name[2..].Split('-')[0], out int process) && !Directory.Exists($"/proc/{process}"))
            {
                await RemoveLeftoverAsync(name);
            }
        }
    }

    private static async Task RemoveLeftoverAsync(string name)
    {
        try
        {
            foreach (string process in (await IpAsync("netns", "pids", name)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Signals.KillAlone(int.Parse(process, CultureInfo.InvariantCulture));
            }

            await IpAsync("netns", "del", name);
        }
        catch (InvalidOperationException)
        {
            // Another test process was faster.
        }
    }

    private static string NameOf(string line) => line.Split(' ')[0];
}
