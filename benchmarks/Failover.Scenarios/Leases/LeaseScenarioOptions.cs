namespace Failover.Scenarios.Leases;

/// <summary>What the command line asked for.</summary>
internal sealed record LeaseScenarioOptions
{
    private int? _runs;

    internal IReadOnlyList<LeaseFault> Faults { get; private init; } = LeaseFault.All;

    internal IReadOnlyList<LeaseClientKind> Clients { get; private init; } = LeaseClientKind.All;

    /// <summary>How often each fault happens.</summary>
    internal int Runs => _runs ?? (IsShort ? 1 : 10);

    internal string? Json { get; private init; }

    internal bool IsShort { get; private init; }

    /// <exception cref="ArgumentException">Something is not known; the message says what is.</exception>
    internal static LeaseScenarioOptions Parse(ReadOnlySpan<string> arguments)
    {
        LeaseScenarioOptions options = new();
        for (int i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--short" => options with { IsShort = true },
                "--fault" => options with { Faults = ScenarioOptions.Named(LeaseFault.All, static fault => fault.Name, ScenarioOptions.Value(arguments, ref i)) },
                "--client" => options with { Clients = ScenarioOptions.Named(LeaseClientKind.All, static client => client.Name, ScenarioOptions.Value(arguments, ref i)) },
                "--runs" => options with { _runs = ScenarioOptions.Count(ScenarioOptions.Value(arguments, ref i), "runs") },
                "--json" => options with { Json = ScenarioOptions.Value(arguments, ref i) },
                _ => throw new ArgumentException($"Unknown argument '{arguments[i]}'."),
            };
        }

        return options;
    }
}
