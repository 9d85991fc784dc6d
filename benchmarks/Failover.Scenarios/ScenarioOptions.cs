using System.Globalization;
using Failover.Scenarios.Clients;
using Failover.Scenarios.Faults;

namespace Failover.Scenarios;

/// <summary>What the command line asked for.</summary>
internal sealed record ScenarioOptions
{
    internal IReadOnlyList<Fault> Faults { get; private init; } = AllFaults.All;

    /// <summary>Null if none was named: then each fault says whom it compares.</summary>
    internal IReadOnlyList<ClientKind>? Clients { get; private init; }

    /// <summary>Requests a second.</summary>
    internal IReadOnlyList<int> Rates { get; private init; } = [100, 500];

    internal string? Json { get; private init; }

    internal bool IsShort { get; private init; }

    /// <exception cref="ArgumentException">Something is not known; the message says what is.</exception>
    internal static ScenarioOptions Parse(ReadOnlySpan<string> arguments)
    {
        ScenarioOptions options = new();
        for (int i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--short" => options with { IsShort = true },
                "--fault" => options with { Faults = Named(AllFaults.All, fault => fault.Name, Value(arguments, ref i)) },
                "--client" => options with { Clients = Named(ClientKinds.All, client => client.Name, Value(arguments, ref i)) },
                "--rate" => options with { Rates = [.. Value(arguments, ref i).Split(',').Select(static text => Count(text, "requests a second"))] },
                "--json" => options with { Json = Value(arguments, ref i) },
                _ => throw new ArgumentException($"Unknown argument '{arguments[i]}'."),
            };
        }

        return options;
    }

    internal static string Value(ReadOnlySpan<string> arguments, ref int at) =>
        ++at < arguments.Length ? arguments[at] : throw new ArgumentException($"{arguments[at - 1]} needs a value.");

    internal static int Count(string text, string what) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 ? count : throw new ArgumentException($"'{text}' is not a number of {what}.");

    internal static List<T> Named<T>(IReadOnlyList<T> all, Func<T, string> nameOf, string names) =>
        names == "all"
            ? [.. all]
            : [.. names.Split(',').Select(name => all.FirstOrDefault(one => nameOf(one) == name) ?? throw new ArgumentException($"'{name}' is not one of: {string.Join(", ", all.Select(nameOf))}."))];
}
