using System.Globalization;
using Failover.AspNetCore.Tests.Processes;

namespace Failover.AspNetCore.Tests.Recipes;

/// <summary>The very files that docs/health-recipes.md shows, with the addresses of real nodes in the place of those of its example.</summary>
internal static class Recipe
{
    internal static string For(string file, NodeProcess a, NodeProcess b) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Recipes", file))
        .Replace("10.0.0.4:8080", Endpoint(a), StringComparison.Ordinal)
        .Replace("10.0.0.5:8080", Endpoint(b), StringComparison.Ordinal)
        .Replace("agent-addr 10.0.0.4 agent-port 8091", Agent(a), StringComparison.Ordinal)
        .Replace("agent-addr 10.0.0.5 agent-port 8091", Agent(b), StringComparison.Ordinal);

    private static string Endpoint(NodeProcess node) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{node.Port}");

    private static string Agent(NodeProcess node) => string.Create(CultureInfo.InvariantCulture, $"agent-addr 127.0.0.1 agent-port {node.AgentPort}");
}
