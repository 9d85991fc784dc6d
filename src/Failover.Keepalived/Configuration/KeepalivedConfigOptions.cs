namespace Failover.Keepalived.Configuration;

/// <summary>What the configuration of keepalived on both nodes is made of: <see cref="KeepalivedConfig"/>. What the app has settings for as well is named like there, see <see cref="From"/>.</summary>
public sealed class KeepalivedConfigOptions
{
    /// <summary>Gets the first node.</summary>
    public KeepalivedNodeOptions NodeA { get; } = new() { Priority = 50 };

    /// <summary>Gets the second node.</summary>
    public KeepalivedNodeOptions NodeB { get; } = new() { Priority = 40 };

    /// <summary>Gets or sets the virtual address, without its prefix length: <c>10.77.0.100</c>.</summary>
    /// <value>It must be set.</value>
    public string Address { get; set; } = "";

    /// <summary>Gets or sets the prefix length of the virtual address: that of the subnet on the interface.</summary>
    /// <value>It must be set: from 1 to 32, for IPv6 to 128.</value>
    public int PrefixLength { get; set; }

    /// <summary>Gets or sets the network interface that gets the virtual address, and on which adverts are sent.</summary>
    /// <value>It must be set, here or on both nodes: <c>eth0</c>.</value>
    public string? Interface { get; set; }

    /// <summary>Gets or sets the <c>virtual_router_id</c>. Nobody else in the subnet may have it.</summary>
    /// <value>The default is 77; from 1 to 255.</value>
    public int RouterId { get; set; } = 77;

    /// <summary>Gets or sets how often the master says that it is there. Three times as long, and a little more, is what the other node waits.</summary>
    /// <value>The default is 200 milliseconds; from 10 milliseconds to 40.95 seconds, in steps of 10 milliseconds. On virtual machines that may be paused 500 milliseconds or more are better: a failure of the app is told at once all the same.</value>
    public TimeSpan AdvertInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Gets or sets whether adverts go to the address of the other node alone, where multicast is dropped.</summary>
    /// <value>The default is false.</value>
    public bool Unicast { get; set; }

    /// <summary>Gets or sets the name of the <c>vrrp_instance</c>.</summary>
    /// <value>The default is <c>VI_1</c>; up to 128 letters, digits, '.', '_' and '-'.</value>
    public string Instance { get; set; } = "VI_1";

    /// <summary>Gets or sets the user that the app runs as. It owns the FIFO, and the directory of the credit file.</summary>
    /// <value>It must be set.</value>
    public string AppUser { get; set; } = "";

    /// <summary>Gets or sets the file that keepalived tracks. Its directory must be there before keepalived starts: <see cref="KeepalivedConfig.RenderTmpfiles"/>.</summary>
    /// <value>The default is <c>/run/failover/credit</c>.</value>
    public string CreditFile { get; set; } = "/run/failover/credit";

    /// <summary>Gets or sets the FIFO to which keepalived writes.</summary>
    /// <value>The default is <c>/run/failover/vrrp.fifo</c>.</value>
    public string Fifo { get; set; } = "/run/failover/vrrp.fifo";

    /// <summary>
    /// Gets or sets the process whose end is a failure of the node at once: best the name that the app gives itself, <see cref="KeepalivedOptions.ProcessName"/>. Else the name of a program of its own (<c>Shop.Api</c>), or a command with the arguments that
    /// it begins with, just as it is started (<c>/usr/bin/dotnet /srv/shop/Shop.Api.dll</c>; a path without arguments is refused, since keepalived never finds it); then <see cref="KeepalivedConfig.RenderAppDropIn"/> is needed, since the credit that a killed app left counts as soon as its process is there again. keepalived sees
    /// processes only where it was started in the network namespace of the host.
    /// </summary>
    /// <value>The default is null: none is tracked.</value>
    public string? Process { get; set; }

    /// <summary>Gets or sets the address that keepalived itself asks each second, as a last resort: when nothing answers within 0.8 seconds the node loses 200 of its priority, whatever an answer says and whoever signed its certificate. Only this sees an app that hangs.</summary>
    /// <value>The default is null: none is asked. http or https, without user information: <c>http://127.0.0.1:8080/health/live</c>.</value>
    public string? HangUrl { get; set; }

    /// <summary>Gets or sets where curl is, with which <see cref="HangUrl"/> is asked.</summary>
    /// <value>The default is <c>/usr/bin/curl</c>.</value>
    public string CurlPath { get; set; } = "/usr/bin/curl";

    /// <summary>Gets or sets the user that asks <see cref="HangUrl"/>.</summary>
    /// <value>The default is <c>nobody</c>.</value>
    public string ScriptUser { get; set; } = "nobody";

    /// <summary>Takes over what the app on one node is set to, so that both agree: its own node becomes <see cref="NodeA"/>, its peer <see cref="NodeB"/>. What the app has no setting for is left to set: <see cref="PrefixLength"/>, <see cref="AppUser"/>, and <see cref="Interface"/> if it is not set there.</summary>
    /// <param name="app">The settings of the app.</param>
    public static KeepalivedConfigOptions From(KeepalivedOptions app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return new()
        {
            NodeA = { Name = app.Node, Priority = app.Priority },
            NodeB = { Name = app.Peer, Priority = app.PeerPriority },
            Address = app.Address,
            Interface = app.Interface,
            RouterId = app.RouterId,
            Instance = app.Instance,
            CreditFile = app.CreditFile,
            Fifo = app.Fifo,
            Process = app.ProcessName,
        };
    }
}
