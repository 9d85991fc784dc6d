using Failover.Scenarios.Dns.Clients;

namespace Failover.Scenarios.Dns;

/// <summary>What the command line asked for.</summary>
internal sealed record DnsScenarioOptions
{
    private IReadOnlyList<NameClientKind>? _clients;
    private int? _runs;

    internal IReadOnlyList<SiteFault> Faults { get; private init; } = SiteFault.All;

    internal IReadOnlyList<NameClientKind> Clients => _clients ?? (IsShort ? [NameClientKind.Follower] : NameClientKind.All);

    /// <summary>How often each fault happens; the slow clients are there the first time only.</summary>
    internal int Runs => _runs ?? (IsShort ? 1 : 5);

    /// <summary>How often the keeper of the name asks a server.</summary>
    internal TimeSpan Probe { get; private init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many failures in a row it takes for the end.</summary>
    internal int Fall { get; private init; } = 3;

    /// <summary>How long it waits after a probe that failed.</summary>
    internal TimeSpan Again { get; private init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long it waits for an answer.</summary>
    internal TimeSpan Patience { get; private init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long caches may keep the name.</summary>
    internal TimeSpan TimeToLive { get; private init; } = TimeSpan.FromSeconds(30);

    /// <summary>By how much the time until a fault varies, so that it meets each phase of the probes and of the looks at the name.</summary>
    internal TimeSpan Phases => TimeSpan.FromSeconds(IsShort ? 0 : 2);

    internal string? Json { get; private init; }

    internal bool IsShort { get; private init; }

    /// <summary>How long a client is watched that does not move.</summary>
    internal TimeSpan WindowOf(NameClientKind client) => TimeSpan.FromSeconds(IsShort && !client.IsQuick ? 3 : 75);

    /// <summary>Which clients are there in a run, counted from 1.</summary>
    internal IReadOnlyList<NameClientKind> ClientsOf(int run) => [.. Clients.Where(client => run == 1 || client.IsQuick)];

    /// <exception cref="ArgumentException">Something is not known; the message says what is.</exception>
    internal static DnsScenarioOptions Parse(ReadOnlySpan<string> arguments)
    {
        DnsScenarioOptions options = new();
        for (int i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--short" => options with { IsShort = true },
                "--fault" => options with { Faults = ScenarioOptions.Named(SiteFault.All, static fault => fault.Name, ScenarioOptions.Value(arguments, ref i)) },
                "--client" => options with { _clients = ScenarioOptions.Named(NameClientKind.All, static client => client.Name, ScenarioOptions.Value(arguments, ref i)) },
                "--runs" => options with { _runs = ScenarioOptions.Count(ScenarioOptions.Value(arguments, ref i), "runs") },
                "--probe" => options with { Probe = Seconds(ScenarioOptions.Value(arguments, ref i)) },
                "--again" => options with { Again = Milliseconds(ScenarioOptions.Value(arguments, ref i)) },
                "--patience" => options with { Patience = Milliseconds(ScenarioOptions.Value(arguments, ref i)) },
                "--fall" => options with { Fall = ScenarioOptions.Count(ScenarioOptions.Value(arguments, ref i), "probes") },
                "--ttl" => options with { TimeToLive = Seconds(ScenarioOptions.Value(arguments, ref i)) },
                "--json" => options with { Json = ScenarioOptions.Value(arguments, ref i) },
                _ => throw new ArgumentException($"Unknown argument '{arguments[i]}'."),
            };
        }

        return options;
    }

    /// <summary>The same as arguments, but for where the rows go.</summary>
    internal IEnumerable<string> ToArguments() =>
    [
        .. IsShort ? ["--short"] : Array.Empty<string>(),
        "--fault", string.Join(',', Faults.Select(static fault => fault.Name)),
        "--client", string.Join(',', Clients.Select(static client => client.Name)),
        "--runs", $"{Runs}", "--probe", $"{Probe.TotalSeconds}", "--again", $"{Again.TotalMilliseconds}", "--patience", $"{Patience.TotalMilliseconds}", "--fall", $"{Fall}", "--ttl", $"{TimeToLive.TotalSeconds}",
    ];

    private static TimeSpan Milliseconds(string text) => TimeSpan.FromMilliseconds(ScenarioOptions.Count(text, "milliseconds"));

    private static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(ScenarioOptions.Count(text, "seconds"));
}
