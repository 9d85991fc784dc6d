using Failover.TestServers.Servers;

namespace Failover.TestServers.Dns;

/// <summary>A real BIND: the primary of the zone, or its secondary.</summary>
public sealed class BindServer : NameServer
{
    private readonly BindServer? _primary;
    private readonly TimeSpan _notifyDelay;
    private BindServer? _secondary;

    private BindServer(BindServer? primary, TimeSpan notifyDelay) => (_primary, _notifyDelay) = (primary, notifyDelay);

    /// <inheritdoc/>
    protected override string ReadyWords => "running\n";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Command => [RequiredServer.Locate("named"), "-g", "-4", "-n", "1", "-c", Path.Combine(Folder, "named.conf")];

    private string Role => _primary is { } primary
        ? $$"""type secondary; primaries { 127.0.0.1 port {{primary.Port}}; }; masterfile-format text;"""
        : $$"""
          type primary;
          update-policy {
          {{string.Concat(NameServerKey.Granted.Select(static key => $"grant {key.Name} wildcard *.{Zone}. A AAAA CNAME TXT;\n"))}}
          grant {{NameServerKey.Operator.Name}} zonesub ANY;
          };
          """;

    // By default BIND waits 5 seconds before it tells its secondaries.
    private string Notify => _secondary is { } secondary
        ? $$"""notify explicit; notify-delay {{_notifyDelay.TotalSeconds:0}}; also-notify { 127.0.0.1 port {{secondary.Port}}; };"""
        : "notify no;";

    /// <summary>Starts a primary alone.</summary>
    public static Task<BindServer> StartAsync() => StartedAsync(new BindServer(null, TimeSpan.Zero));

    /// <summary>Starts a primary and its secondary.</summary>
    /// <param name="notifyDelay">How long the primary waits before it tells of a change; 5 seconds is BIND's default.</param>
    public static async Task<(BindServer Primary, BindServer Secondary)> StartPairAsync(TimeSpan notifyDelay)
    {
        BindServer primary = new(null, notifyDelay);
        BindServer secondary = new(primary, TimeSpan.Zero);
        primary._secondary = secondary;
        try
        {
            await StartedAsync(primary);
            return (primary, await StartedAsync(secondary));
        }
        catch
        {
            await primary.DisposeAsync();
            await secondary.DisposeAsync();
            throw;
        }
    }

    /// <summary>Counts the lines of the zone's journal that begin with some words: <c>add www.example.test.</c></summary>
    public async Task<int> ChangesInJournalAsync(string words) =>
        (await RunAsync(RequiredServer.Locate("named-journalprint"), Path.Combine(Folder, "zone.jnl"))).Split('\n').Count(line => string.Join(' ', line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).StartsWith(words, StringComparison.Ordinal));

    /// <summary>Reads from the zone's journal what a name was ever given, in order: each a type and a value.</summary>
    public async Task<string[]> GivenAsync(string name)
    {
        string journal = Path.Combine(Folder, "zone.jnl");
        return File.Exists(journal)
            ? [.. (await RunAsync(RequiredServer.Locate("named-journalprint"), journal)).Split('\n')
                .Select(static line => line.Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries))
                .Where(line => line is ["add", var its, _, "IN", _, _, ..] && its == $"{name}.")
                .Select(static line => string.Join(' ', line[4..]))]
            : [];
    }

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        await WriteAsync(
            "named.conf",
            $$"""
            {{string.Concat(NameServerKey.Known.Select(static key => $"key {key.Name} {{ algorithm {key.Algorithm}; secret \"{key.Secret}\"; }};\n"))}}
            options {
              directory "{{Folder}}";
              pid-file none;
              session-keyfile none;
              listen-on port {{Port}} { 127.0.0.1; };
              listen-on-v6 { none; };
              recursion no;
              dnssec-validation no;
              allow-transfer { 127.0.0.1; };
              tcp-listen-queue 100;
              {{Notify}}
            };
            controls { };
            zone "{{Zone}}" { file "{{Path.Combine(Folder, "zone")}}"; {{Role}} };
            """);
        if (_primary is null)
        {
            await WriteAsync("zone", ZoneText);
        }
    }
}
