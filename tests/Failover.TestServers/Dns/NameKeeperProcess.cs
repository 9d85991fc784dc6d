using System.Globalization;
using Failover.TestServers.Servers;

namespace Failover.TestServers.Dns;

/// <summary>A real process (<c>Failover.NameKeeper</c>) that keeps a name at the first of two web servers that works, under a lease of etcd: it can be killed, frozen, stopped and cut off.</summary>
public sealed class NameKeeperProcess : ProgramProcess
{
    /// <summary>What a line begins with that tells a revision of a switchover, as JSON.</summary>
    public const string SwitchoverWord = "switchover ";

    /// <summary>For tests that do not ask how fast it is: it looks often.</summary>
    private static readonly Dictionary<string, string> Quick = new()
    {
        ["Groups:site:Detection:ProbeInterval"] = "00:00:00.200",
        ["Groups:site:Detection:ProbeTimeout"] = "00:00:00.200",
        ["Groups:site:Detection:TransitionInterval"] = "00:00:00.100",
        ["Groups:site:Detection:DownInterval"] = "00:00:00.200",
        ["Groups:site:SwitcherReadInterval"] = "00:00:01",
    };

    private NameKeeperProcess(string holder, IReadOnlyList<string> command)
        : base(holder, command, new Dictionary<string, string>())
    {
    }

    /// <summary>What the name holds for the first server, and for the second.</summary>
    public static IReadOnlyList<string> Targets { get; } = ["192.0.2.1", "192.0.2.2"];

    /// <summary>Starts one, and waits until it watches.</summary>
    /// <param name="holder">What it is called.</param>
    /// <param name="name">The name that it keeps.</param>
    /// <param name="nameServerPort">Where the name server is.</param>
    /// <param name="etcd">Where etcd is.</param>
    /// <param name="lease">How long a lease lasts.</param>
    /// <param name="servers">The web servers.</param>
    public static Task<NameKeeperProcess> StartAsync(string holder, string name, int nameServerPort, Uri etcd, TimeSpan lease, IReadOnlyList<Uri> servers) =>
        StartAsync(holder, name, nameServerPort, etcd, lease, servers, Targets, Quick);

    /// <summary>Starts one, and waits until it watches.</summary>
    /// <param name="holder">What it is called.</param>
    /// <param name="name">The name that it keeps.</param>
    /// <param name="nameServerPort">Where the name server is.</param>
    /// <param name="etcd">Where etcd is.</param>
    /// <param name="lease">How long a lease lasts.</param>
    /// <param name="servers">The web servers.</param>
    /// <param name="targets">What the name holds for each of them.</param>
    /// <param name="more">Other settings of Failover, such as <c>Groups:site:Detection:ProbeInterval</c>.</param>
    public static Task<NameKeeperProcess> StartAsync(string holder, string name, int nameServerPort, Uri etcd, TimeSpan lease, IReadOnlyList<Uri> servers, IReadOnlyList<string> targets, IReadOnlyDictionary<string, string> more)
    {
        Dictionary<string, string> settings = new(more)
        {
            ["Groups:site:Kind"] = "Http",
            ["Groups:site:Switchback:Mode"] = "Manual",
            ["Dns:site:CoolDown"] = "00:00:00",
            ["Rfc2136:site:Server"] = "127.0.0.1",
            ["Rfc2136:site:Port"] = nameServerPort.ToString(CultureInfo.InvariantCulture),
            ["Rfc2136:site:Zone"] = NameServer.Zone,
            ["Rfc2136:site:KeyName"] = NameServerKey.Failover.Name,
            ["Rfc2136:site:Secret"] = NameServerKey.Failover.Secret,
            ["Leases:site:Duration"] = lease.ToString(),
            ["Leases:site:Holder"] = holder,
        };
        for (int i = 0; i < servers.Count; i++)
        {
            settings[$"Groups:site:Members:{i}:Name"] = $"server-{i + 1}";
            settings[$"Groups:site:Members:{i}:Address"] = $"{servers[i]}";
            settings[$"Dns:site:Targets:server-{i + 1}"] = targets[i];
        }

        string[] command =
        [
            TestProgram.DotnetHost(), TestProgram.PathOf("Failover.NameKeeper"), "--Name", name, "--Etcd", $"{etcd}",
            .. settings.SelectMany(static setting => (string[])[$"--Failover:{setting.Key}", setting.Value]),
        ];
        return ReadyAsync(new NameKeeperProcess(holder, command));
    }
}
