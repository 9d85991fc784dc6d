using Failover.Scenarios.Postgres.Clients;
using Failover.Scenarios.Postgres.Faults;

namespace Failover.Scenarios.Postgres;

/// <summary>What the command line asked for.</summary>
internal sealed record PostgresOptions
{
    private int? _runs;

    internal IReadOnlyList<ClusterFault> Faults { get; private init; } = ClusterFault.All;

    internal IReadOnlyList<ClusterClientKind> Clients { get; private init; } = ClusterClientKind.All;

    /// <summary>How often each fault happens.</summary>
    internal int Runs => _runs ?? (IsShort ? 1 : 5);

    internal string? Json { get; private init; }

    internal bool IsShort { get; private init; }

    /// <exception cref="ArgumentException">Something is not known; the message says what is.</exception>
    internal static PostgresOptions Parse(ReadOnlySpan<string> arguments)
    {
        PostgresOptions options = new();
        for (int i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--short" => options with { IsShort = true },
                "--fault" => options with { Faults = ScenarioOptions.Named(ClusterFault.All, static fault => fault.Name, ScenarioOptions.Value(arguments, ref i)) },
                "--client" => options with { Clients = ScenarioOptions.Named(ClusterClientKind.All, static client => client.Name, ScenarioOptions.Value(arguments, ref i)) },
                "--runs" => options with { _runs = ScenarioOptions.Count(ScenarioOptions.Value(arguments, ref i), "runs") },
                "--json" => options with { Json = ScenarioOptions.Value(arguments, ref i) },
                _ => throw new ArgumentException($"Unknown argument '{arguments[i]}'."),
            };
        }

        return options;
    }
}
