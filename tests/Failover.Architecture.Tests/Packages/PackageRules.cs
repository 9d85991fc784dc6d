namespace Failover.Architecture.Tests.Packages;

/// <summary>
/// Rule 4 of the design, and the ledger of event ids: which packages there are, what each may know beside
/// <c>Failover</c>, and which block of 1000 event ids is its own. A new package gets its line here.
/// </summary>
internal static class PackageRules
{
    private const string Extensions = "Microsoft.Extensions.";

    internal static IReadOnlyList<PackageRule> All { get; } =
    [
        new("Failover", EventIds: 1000, Siblings: [], Vendors: [Extensions]),
        new("Failover.Http", EventIds: 2000, Siblings: ["Failover"], Vendors: [Extensions]),
        new("Failover.Polly", EventIds: 3000, Siblings: ["Failover"], Vendors: ["Polly.Core"]),
        new("Failover.HealthChecks", EventIds: 4000, Siblings: ["Failover"], Vendors: [Extensions]),
        new("Failover.AspNetCore", EventIds: 5000, Siblings: ["Failover", "Failover.HealthChecks"], Vendors: [], OnAspNetCore: true),
        new("Failover.PostgreSql", EventIds: 6000, Siblings: ["Failover"], Vendors: [Extensions, "Npgsql"]),
        new("Failover.Etcd", EventIds: 7000, Siblings: ["Failover"], Vendors: [Extensions]),

        // EF Core over FailoverDataSource.
        new("Failover.EntityFrameworkCore", EventIds: 8000, Siblings: ["Failover", "Failover.PostgreSql"], Vendors: ["Npgsql.EntityFrameworkCore.PostgreSQL"]),
        new("Failover.Redis", EventIds: 9000, Siblings: ["Failover"], Vendors: [Extensions, "StackExchange.Redis"]),
        new("Failover.Kubernetes", EventIds: 10000, Siblings: ["Failover"], Vendors: [Extensions, "KubernetesClient"]),
        new("Failover.Keepalived", EventIds: 11000, Siblings: ["Failover"], Vendors: [Extensions]),
        new("Failover.DnsSwitching", EventIds: 12000, Siblings: ["Failover"], Vendors: [Extensions, "DnsClient"]),

        // Route 53 as one more provider of names that move.
        new("Failover.Aws", EventIds: 13000, Siblings: ["Failover", "Failover.DnsSwitching"], Vendors: [Extensions, "AWSSDK."]),
    ];

    internal static IEnumerable<string> Violations(IEnumerable<ProjectFile> projects, IReadOnlyList<PackageRule> rules)
    {
        foreach (ProjectFile project in projects)
        {
            if (rules.SingleOrDefault(rule => rule.Id == project.Id) is not { } rule)
            {
                yield return $"{project.Id} has no line in PackageRules.All.";
                continue;
            }

            foreach (string sibling in project.Siblings.Except(rule.Siblings))
            {
                yield return $"{project.Id} may not know {sibling}.";
            }

            foreach (string library in project.Libraries.Where(library => !rule.Vendors.Any(vendor => library.StartsWith(vendor, StringComparison.Ordinal))))
            {
                yield return $"{project.Id} may not know the package {library}.";
            }

            // ASP.NET Core is one floor up: only the packages that serve requests stand on it.
            foreach (string framework in project.Frameworks.Where(_ => !rule.OnAspNetCore))
            {
                yield return $"{project.Id} may not know the framework {framework}.";
            }
        }
    }

    /// <summary>The rules themselves: a driver knows <c>Failover</c> and no other sibling, whatever line somebody adds.</summary>
    internal static IEnumerable<string> Contradictions(IReadOnlyList<PackageRule> rules)
    {
        string[] collectors = ["Failover.Drills", "Failover.Tool"];
        foreach (PackageRule rule in rules.Where(rule => !collectors.Contains(rule.Id)))
        {
            string[] floors = rule.Id switch
            {
                "Failover" => [],
                "Failover.AspNetCore" => ["Failover", "Failover.HealthChecks"],

                // No driver of its own: it is EF Core over that package's data source, and is of no use without it.
                "Failover.EntityFrameworkCore" => ["Failover", "Failover.PostgreSql"],

                // One of the providers that the switcher of names works over, with a vendor's packages of its own.
                "Failover.Aws" => ["Failover", "Failover.DnsSwitching"],
                _ => ["Failover"],
            };
            foreach (string sibling in rule.Siblings.Except(floors))
            {
                yield return $"{rule.Id} may not be given {sibling}: only Drills and Tool know their siblings.";
            }
        }

        foreach (IGrouping<int, PackageRule> block in rules.GroupBy(rule => rule.EventIds).Where(block => block.Count() > 1))
        {
            yield return $"{string.Join(" and ", block.Select(rule => rule.Id))} share the event ids from {block.Key}.";
        }
    }
}
