using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Failover.Contender;

/// <summary>What a contender is told on its command line.</summary>
/// <param name="Client">How it competes: etcd, postgresql, kubernetes, distributedlock, leaderelector.</param>
/// <param name="Server">Where the arbiter is: addresses with commas between, a connection string, or the address of an API server with a token as its path.</param>
/// <param name="Gate">What it competes for.</param>
/// <param name="Holder">What it is called.</param>
/// <param name="Duration">How long a lease lasts.</param>
/// <param name="Acts">The socket of what it acts on.</param>
internal sealed record ContenderOptions(string Client, string Server, string Gate, string Holder, TimeSpan Duration, string Acts)
{
    internal static ContenderOptions From(IConfiguration configuration) => new(
        Required(configuration, "Client"),
        Required(configuration, "Server"),
        Required(configuration, "Gate"),
        Required(configuration, "Holder"),
        TimeSpan.FromSeconds(double.Parse(Required(configuration, "Duration"), CultureInfo.InvariantCulture)),
        Required(configuration, "Acts"));

    private static string Required(IConfiguration configuration, string key) => configuration[key] ?? throw new ArgumentException($"--{key} is missing.");
}
