namespace Failover.Scenarios.Redis.Steady;

/// <summary>What the command line asked for.</summary>
internal sealed record SteadyOptions
{
    /// <summary>How often each client does each kind of work, by turns with the others. Sixty are too few: the second plain client differs by 2 % then.</summary>
    internal int Rounds { get; private init; } = 300;

    internal string? Json { get; private init; }

    /// <exception cref="ArgumentException">Something is not known; the message says what is.</exception>
    internal static SteadyOptions Parse(ReadOnlySpan<string> arguments)
    {
        SteadyOptions options = new();
        for (int i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--rounds" => options with { Rounds = ScenarioOptions.Count(ScenarioOptions.Value(arguments, ref i), "rounds") },
                "--json" => options with { Json = ScenarioOptions.Value(arguments, ref i) },
                _ => throw new ArgumentException($"Unknown argument '{arguments[i]}'."),
            };
        }

        return options;
    }
}
