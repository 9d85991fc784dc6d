using System.Globalization;
using Failover.TestServers.Servers;

namespace Failover.TestServers.Dns;

/// <summary>A real name server with one zone that takes updates. State is set and read by nsupdate and dig, with a key that may do all.</summary>
public abstract class NameServer : LoopbackServer
{
    /// <summary>The zone.</summary>
    public const string Zone = "example.test";

    private static int s_names;

    /// <summary>Gets the programs that tests on name servers need.</summary>
    public static IReadOnlyList<string> Programs { get; } = ["named", "knotd", "pdns_server", "pdnsutil", "sqlite3", "nsupdate", "dig"];

    /// <summary>Gets what a zone begins with.</summary>
    protected static string ZoneText =>
        """
        $ORIGIN example.test.
        $TTL 30
        @ IN SOA ns hostmaster 1 60 60 600 5
        @ IN NS ns
        ns IN A 127.0.0.1
        *.wild IN A 192.0.2.99

        """;

    /// <summary>Makes up a name that no other test has.</summary>
    public static string NewName() => string.Create(CultureInfo.InvariantCulture, $"n{Interlocked.Increment(ref s_names)}.{Zone}");

    /// <summary>Changes the zone by nsupdate: <c>"add www.example.test 30 A 192.0.2.1"</c>, all in one message.</summary>
    public async Task UpdateAsync(params string[] changes) =>
        await RunWithInputAsync(
            string.Join('\n', [$"server 127.0.0.1 {Port}", $"zone {Zone}", .. changes.Select(static change => $"update {change}"), "send", ""]),
            RequiredServer.Locate("nsupdate"),
            "-v",
            "-y",
            NameServerKey.Operator.ForTools);

    /// <summary>Asks the server by dig, and returns the data of the records, sorted.</summary>
    public async Task<string[]> DigAsync(string name, string type) =>
        [.. (await RunAsync(RequiredServer.Locate("dig"), "+short", "+tcp", "+norecurse", "+tries=1", "+time=30", "@127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), name, type)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    /// <summary>Reads the zone's serial, by dig: each change makes it one more.</summary>
    public async Task<uint> SerialAsync() => uint.Parse((await DigAsync(Zone, "SOA"))[0].Split(' ')[2], CultureInfo.InvariantCulture);

    /// <summary>Writes a file into the server's folder.</summary>
    protected Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(Folder, name), text);
}
