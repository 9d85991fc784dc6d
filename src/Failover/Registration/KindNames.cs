using Failover.Configuration;

namespace Failover.Registration;

/// <summary>The kinds that there are, and which package brings each.</summary>
internal static class KindNames
{
    internal const string Custom = "custom";

    /// <summary>Only packages that there are.</summary>
    private static readonly Dictionary<string, string> Packages = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Http"] = "Failover.Http",
        ["PostgreSql"] = "Failover.PostgreSql",
        ["Redis"] = "Failover.Redis",
    };

    internal static string Of(GroupDefinition definition) => definition.Kind?.Name ?? Custom;

    /// <summary>Says what to do about a kind that is not registered: to be read after a colon.</summary>
    internal static string Unknown(string kind, IEnumerable<string> registered)
    {
        string[] names = [.. registered.Order(StringComparer.OrdinalIgnoreCase)];
        string known = names.Length == 0 ? "no kind is registered" : $"registered are {string.Join(", ", names)}";
        if (Packages.TryGetValue(kind, out string? package))
        {
            return $"the kind {kind} is not registered ({known}); it comes with the package {package}: add that, and call its Add{Method(kind)}() after AddFailover(…)";
        }

        string[] near = Nearest.To(kind, names.Concat(Packages.Keys).Distinct(StringComparer.OrdinalIgnoreCase));
        string meant = near.Length == 0 ? "" : $"; did you mean {string.Join(" or ", near.Select(Named))}?";
        return $"the kind {Shown.Value("Kind", kind)} is not known ({known}){meant}";

        string Named(string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase) ? name : $"{name} (of the package {Packages[name]})";
    }

    private static string Method(string kind) => Packages.Keys.First(name => string.Equals(name, kind, StringComparison.OrdinalIgnoreCase));
}
