namespace Failover.Keepalived;

/// <summary>Settings of a virtual address that keepalived holds, beside the group's <see cref="GroupOptions"/>: <c>Failover:Groups:&lt;name&gt;</c> with <c>Kind: Keepalived</c>. None may change while the app runs.</summary>
public sealed class KeepalivedOptions
{
    /// <summary>The value that keepalived takes for a failure of the node: below -253, with weight 1.</summary>
    internal const int FaultCredit = -254;

    /// <summary>Gets or sets the virtual address, without its prefix length: <c>10.77.0.100</c>.</summary>
    /// <value>It must be set.</value>
    public string Address { get; set; } = "";

    /// <summary>Gets or sets the name of this node, as its peer knows it: that of <c>Failover:Peers:Node</c>.</summary>
    /// <value>The default is the machine's name.</value>
    public string Node { get; set; } = Environment.MachineName;

    /// <summary>Gets or sets the name of the other node: its <c>Failover:Peers:Node</c>.</summary>
    /// <value>It must be set.</value>
    public string Peer { get; set; } = "";

    /// <summary>Gets or sets the name of the <c>vrrp_instance</c> in keepalived's configuration.</summary>
    /// <value>The default is <c>VI_1</c>; up to 128 letters, digits, '.', '_' and '-'.</value>
    public string Instance { get; set; } = "VI_1";

    /// <summary>Gets or sets the network interface of the instance, for what is sent and heard on it directly.</summary>
    /// <value>The default is null: the one that has the virtual address, or an address in its subnet.</value>
    public string? Interface { get; set; }

    /// <summary>Gets or sets the <c>virtual_router_id</c> of the instance, for hearing the other node's adverts.</summary>
    /// <value>The default is 77; from 1 to 255.</value>
    public int RouterId { get; set; } = 77;

    /// <summary>Gets or sets the <c>priority</c> of the instance on this node. The node with the higher one is preferred.</summary>
    /// <value>The default is 50; from 1 to 54, and at least 3 from that of the peer, since each credit has three values: with a credit of 200 it stays below 255, which is for the owner of an address.</value>
    public int Priority { get; set; } = 50;

    /// <summary>Gets or sets the <c>priority</c> of the instance on the other node.</summary>
    /// <value>The default is 40; from 1 to 54, and at least 3 from that of this node.</value>
    public int PeerPriority { get; set; } = 40;

    /// <summary>Gets or sets the file that keepalived tracks. Its directory must be there before keepalived starts and belong to the host, not to the app's unit: a directory that is removed is tracked no longer.</summary>
    /// <value>The default is <c>/run/failover/credit</c>. A whole path, in a directory that nobody else uses.</value>
    public string CreditFile { get; set; } = "/run/failover/credit";

    /// <summary>Gets or sets the FIFO to which keepalived writes (<c>vrrp_notify_fifo</c>). This app must be its only reader.</summary>
    /// <value>The default is <c>/run/failover/vrrp.fifo</c>. A whole path, in a directory that nobody else uses.</value>
    public string Fifo { get; set; } = "/run/failover/vrrp.fifo";

    /// <summary>
    /// Gets or sets the name that this process gives itself (<c>/proc/self/comm</c>, what <c>ps</c> shows) once it has published its first credit, for a <c>vrrp_track_process</c> of that name. An app that was killed leaves its last credit in the file: tracked by a name
    /// that it had from its first moment on, the next one would be given the address on the strength of that, before it is ready.
    /// </summary>
    /// <value>The default is null: the name stays as it is. Up to 15 characters. Linux.</value>
    public string? ProcessName { get; set; }

    /// <summary>Gets or sets how long keepalived may take to acknowledge what was written to the credit file, before that is told.</summary>
    /// <value>The default is 1 second; from 100 milliseconds to 30 seconds. keepalived acknowledges as soon as it has seen the file.</value>
    public TimeSpan AckTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets how long a planned move may take to be confirmed, before it is taken back; and how long a shutdown waits for the peer to take over.</summary>
    /// <value>The default is 5 seconds; from 500 milliseconds to 25 seconds, since a switch of a group ends after 30. With adverts each 200 milliseconds it takes about 0.7 seconds.</value>
    public TimeSpan MoveTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets how often the peer is asked what it claims to hold, at least.</summary>
    /// <value>The default is 500 milliseconds; from 100 milliseconds to 10 seconds. What it said counts for three times as long.</value>
    public TimeSpan PeerInterval { get; set; } = TimeSpan.FromMilliseconds(500);
}
