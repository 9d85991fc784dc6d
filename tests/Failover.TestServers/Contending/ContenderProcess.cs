using System.Globalization;
using Failover.TestServers.Network;
using Failover.TestServers.Servers;

namespace Failover.TestServers.Contending;

/// <summary>A real process (<c>Failover.Contender</c>) that wants to be the primary, and acts while it is: it can be killed, frozen, stopped and cut off.</summary>
public sealed class ContenderProcess : ProgramProcess
{
    private ContenderProcess(string holder, NetworkHost? host, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment)
        : base(holder, command, environment) => Host = host;

    /// <summary>Gets what it is called.</summary>
    public string Holder => Name;

    /// <summary>Gets the host that it runs on; null for the test's own.</summary>
    public NetworkHost? Host { get; }

    /// <summary>Starts a contender and waits until it competes.</summary>
    /// <param name="client">How it competes: etcd, postgresql, kubernetes, distributedlock, leaderelector.</param>
    /// <param name="server">Where the arbiter is.</param>
    /// <param name="gate">What it competes for.</param>
    /// <param name="holder">What it is called.</param>
    /// <param name="duration">How long a lease lasts.</param>
    /// <param name="on">What it acts on.</param>
    /// <param name="host">The host that it runs on.</param>
    /// <param name="environment">More of its environment: <c>LD_PRELOAD</c>, for a clock that lies.</param>
    public static Task<ContenderProcess> StartAsync(string client, string server, string gate, string holder, TimeSpan duration, ActedOn on, NetworkHost? host = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        string[] command =
        [
            .. host?.Prefix ?? [], TestProgram.DotnetHost(), TestProgram.PathOf("Failover.Contender"),
            "--Client", client, "--Server", server, "--Gate", gate, "--Holder", holder, "--Duration", duration.TotalSeconds.ToString(CultureInfo.InvariantCulture), "--Acts", on.SocketPath,
        ];
        return ReadyAsync(new ContenderProcess(holder, host, command, environment ?? new Dictionary<string, string>()));
    }
}
