using Failover.Scenarios.Health.Cases;

namespace Failover.Scenarios.Health;

/// <summary>What the command line asked for.</summary>
internal sealed record HealthOptions
{
    internal IReadOnlyList<HealthCase> Cases { get; private init; } = HealthCase.All;

    internal string? Json { get; private init; }

    internal bool IsShort { get; private init; }

    /// <exception cref="ArgumentException">Something is not known; the message says what is.</exception>
    internal static HealthOptions Parse(ReadOnlySpan<string> arguments)
    {
        HealthOptions options = new();
        for (int i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--short" => options with { IsShort = true },
                "--case" => options with { Cases = ScenarioOptions.Named(HealthCase.All, one => one.Name, ScenarioOptions.Value(arguments, ref i)) },
                "--json" => options with { Json = ScenarioOptions.Value(arguments, ref i) },
                _ => throw new ArgumentException($"Unknown argument '{arguments[i]}'."),
            };
        }

        return options;
    }
}
