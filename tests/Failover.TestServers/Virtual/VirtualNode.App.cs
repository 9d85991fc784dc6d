using Failover.TestServers.Servers;

namespace Failover.TestServers.Virtual;

/// <content>Its app.</content>
public sealed partial class VirtualNode
{
    private const int ManagementPort = 8081;

    /// <summary>Gets the app that was started last; null if none was, or it was ended.</summary>
    public VirtualNodeProcess? App { get; private set; }

    private string AppFolder => Path.Combine(Keepalived.Folder, "app");

    /// <summary>Starts the app as a user without any rights, and waits until it answers.</summary>
    public Task<VirtualNodeProcess> StartAppAsync() => StartAppAsync(new VirtualAppOptions());

    /// <summary>Starts the app as a user without any rights, and waits until it answers.</summary>
    public async Task<VirtualNodeProcess> StartAppAsync(VirtualAppOptions options)
    {
        await EndAppAsync();
        await PrepareAppAsync();
        string right = options.HasRawSockets ? "+net_raw" : "-all";
        List<string> command =
        [
            .. _host.Prefix, RequiredServer.Locate("setpriv"), $"--reuid={User}", $"--regid={Group}", "--clear-groups", $"--inh-caps={right}", $"--ambient-caps={right}", "--no-new-privs",
            Path.Combine(AppFolder, options.DrivesKeepalived ? "Failover.VirtualNode" : ProcessName),
        ];
        Dictionary<string, string> settings = new()
        {
            // It watches all files below for changed settings; where it works, that are those of the machine.
            ["contentRoot"] = AppFolder,
            ["Node"] = Name,
            ["Port"] = $"{VirtualSite.Port}",
            ["Management"] = ManagementAddress,
            ["ManagementPort"] = $"{ManagementPort}",
            ["Admin"] = Path.Combine(AppFolder, "admin.sock"),

            // As quick as a check may be: what is measured is what comes after.
            ["Failover:Health:Period"] = "00:00:00.100",
            ["Failover:Health:FailurePeriod"] = "00:00:00.100",
            ["Failover:Health:Fall"] = "1",
            ["Failover:Peers:Node"] = Name,
            ["Failover:Peers:Key"] = "the nodes of a site share this",
            ["Failover:Peers:Addresses:0"] = $"http://{_site.PeerOf(this).ManagementAddress}:{ManagementPort}/health/peer",
        };
        if (options.DrivesKeepalived)
        {
            const string Group = "Failover:Groups:site";
            settings[$"{Group}:Address"] = VirtualSite.Address;
            settings[$"{Group}:Node"] = Name;
            settings[$"{Group}:Peer"] = _site.PeerOf(this).Name;
            settings[$"{Group}:Priority"] = $"{Priority}";
            settings[$"{Group}:PeerPriority"] = $"{_site.PeerOf(this).Priority}";
            settings[$"{Group}:CreditFile"] = CreditFile;
            settings[$"{Group}:Fifo"] = Fifo;
            settings[$"{Group}:ProcessName"] = ProcessName;
        }

        foreach ((string key, string value) in options.Settings)
        {
            settings[key] = value;
        }

        command.AddRange(settings.Select(static one => $"--{one.Key}={one.Value}"));
        return App = await VirtualNodeProcess.StartAsync(Name, settings["Admin"], command);
    }

    /// <summary>Ends the app at once; nothing happens if there is none.</summary>
    public async Task EndAppAsync()
    {
        if (App is { } app)
        {
            App = null;
            await app.DisposeAsync();
        }
    }

    /// <summary>A copy that its user can reach, wherever the repository is; the link gives the process a name of its own.</summary>
    private async Task PrepareAppAsync()
    {
        if (!Directory.Exists(AppFolder))
        {
            await LoopbackServer.RunAsync("cp", "-rL", Path.GetDirectoryName(TestProgram.PathOf("Failover.VirtualNode"))!, AppFolder);
            File.CreateSymbolicLink(Path.Combine(AppFolder, ProcessName), "Failover.VirtualNode");
            await LoopbackServer.RunAsync("chown", "-R", $"{User}:{Group}", AppFolder);
        }
    }
}
