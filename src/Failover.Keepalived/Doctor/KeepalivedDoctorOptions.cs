namespace Failover.Keepalived.Doctor;

/// <summary>What <see cref="KeepalivedDoctor"/> holds a configuration against, beside itself and the host. All of it may be left out.</summary>
public sealed class KeepalivedDoctorOptions
{
    /// <summary>Gets or sets the settings of the app on this node.</summary>
    /// <value>The default is null: what the app and keepalived must agree on is not examined.</value>
    public KeepalivedOptions? App { get; set; }

    /// <summary>Gets or sets the name of the user that the app runs as, who writes the credit file and reads the FIFO.</summary>
    /// <value>The default is null: the user of this process, unless it is root; then the one whom the FIFO is for.</value>
    public string? AppUser { get; set; }

    /// <summary>Gets or sets the path of a copy of the other node's configuration. Its text alone is read: its includes are those of this host.</summary>
    /// <value>The default is null: what both nodes must agree on is not examined.</value>
    public string? PeerPath { get; set; }

    /// <summary>Gets or sets the name by which keepalived on the other node takes lines of <see cref="PeerPath"/> like <c>@node-b priority 40</c> for its own (<c>--config-id</c>).</summary>
    /// <value>The default is null: <see cref="KeepalivedOptions.Peer"/> of <see cref="App"/> up to its first dot, as keepalived takes the name of the machine. If that is not given either, a file with such lines is not compared.</value>
    public string? PeerConfigId { get; set; }

    /// <summary>Gets or sets the file in which keepalived keeps its process id (<c>--pid</c>).</summary>
    /// <value>The default is null: the one that it takes by itself.</value>
    public string? PidFile { get; set; }

    /// <summary>Gets or sets the program that is asked what it thinks of the file as well (<c>keepalived -t</c>, which changes nothing and may take 10 seconds): <c>/usr/sbin/keepalived</c>.</summary>
    /// <value>The default is null: it is not asked.</value>
    public string? Keepalived { get; set; }
}
