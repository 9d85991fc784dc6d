namespace Failover.Scenarios.Virtual;

/// <summary>What the command line asked for.</summary>
internal sealed record VirtualScenarioOptions
{
    private int? _runs;

    internal IReadOnlyList<VirtualFault> Faults { get; private init; } = VirtualFault.All;

    internal IReadOnlyList<VirtualDesignKind> Designs { get; private init; } = VirtualDesignKind.All;

    /// <summary>How often each fault happens.</summary>
    internal int Runs => _runs ?? (IsShort ? 1 : 5);

    internal string? Json { get; private init; }

    internal bool IsShort { get; private init; }

    /// <exception cref="ArgumentException">Something is not known; the message says what is.</exception>
    internal static VirtualScenarioOptions Parse(ReadOnlySpan<string> arguments)
    {
        VirtualScenarioOptions options = new();
        for (int i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--short" => options with { IsShort = true },
                "--fault" => options with { Faults = ScenarioOptions.Named(VirtualFault.All, static fault => fault.Name, ScenarioOptions.Value(arguments, ref i)) },
                "--design" => options with { Designs = ScenarioOptions.Named(VirtualDesignKind.All, static design => design.Name, ScenarioOptions.Value(arguments, ref i)) },
                "--runs" => options with { _runs = ScenarioOptions.Count(ScenarioOptions.Value(arguments, ref i), "runs") },
                "--json" => options with { Json = ScenarioOptions.Value(arguments, ref i) },
                _ => throw new ArgumentException($"Unknown argument '{arguments[i]}'."),
            };
        }

        return options;
    }
}
