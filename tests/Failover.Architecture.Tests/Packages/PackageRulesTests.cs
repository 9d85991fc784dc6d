namespace Failover.Architecture.Tests.Packages;

public sealed class PackageRulesTests
{
    private static readonly PackageRule[] Rules =
    [
        new("Failover", 1000, [], ["Microsoft.Extensions."]),
        new("Failover.Redis", 7000, ["Failover"], ["Microsoft.Extensions.", "StackExchange.Redis"]),
    ];

    [Fact]
    public void Every_package_knows_only_the_floors_under_it_and_its_own_vendor() =>
        Assert.Empty(PackageRules.Violations(ProjectFile.All, PackageRules.All));

    [Fact]
    public void The_rules_give_no_driver_a_sibling_and_no_event_id_twice() =>
        Assert.Empty(PackageRules.Contradictions(PackageRules.All));

    // A message that sends somebody to a package must not send him nowhere.
    [Fact]
    public void Every_package_that_a_message_names_is_there()
    {
        string names = Repository.Read("src/Failover/Registration/KindNames.cs");

        string[] named = [.. System.Text.RegularExpressions.Regex.Matches(names, "= \"(Failover\\.[\\w.]+)\"").Select(match => match.Groups[1].Value)];

        Assert.Contains("Failover.Http", named);
        Assert.All(named, package => Assert.Contains(ProjectFile.All, project => project.Id == package));
    }

    [Fact]
    public void The_projects_were_found() => Assert.Contains(ProjectFile.All, project => project.Id == "Failover");

    [Theory]
    [InlineData("Failover.Redis", """<ProjectReference Include="..\Failover\Failover.csproj" />""", null)]
    [InlineData("Failover.Redis", """<PackageReference Include="StackExchange.Redis" />""", null)]
    [InlineData("Failover.Redis", """<ProjectReference Include="../Failover.Http/Failover.Http.csproj" />""", "Failover.Redis may not know Failover.Http.")]
    [InlineData("Failover.Redis", """<PackageReference Include="Npgsql" />""", "Failover.Redis may not know the package Npgsql.")]
    [InlineData("Failover.Redis", """<FrameworkReference Include="Microsoft.AspNetCore.App" />""", "Failover.Redis may not know the framework Microsoft.AspNetCore.App.")]
    [InlineData("Failover", """<ProjectReference Include="../Failover.Redis/Failover.Redis.csproj" />""", "Failover may not know Failover.Redis.")]
    [InlineData("Failover.New", "<None />", "Failover.New has no line in PackageRules.All.")]
    public void A_reference_upwards_or_sideways_is_found(string id, string item, string? violation)
    {
        var project = ProjectFile.Parse(id, $"<Project><ItemGroup>{item}</ItemGroup></Project>");

        Assert.Equal(violation is null ? [] : [violation], PackageRules.Violations([project], Rules));
    }

    [Fact]
    public void A_rule_that_gives_a_driver_a_sibling_is_found()
    {
        PackageRule rule = new("Failover.Redis", 7000, ["Failover", "Failover.Http"], []);

        Assert.Contains("Failover.Http", Assert.Single(PackageRules.Contradictions([rule])), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_packages_with_the_same_event_ids_are_found() =>
        Assert.Single(PackageRules.Contradictions([new("Failover.Http", 2000, [], []), new("Failover.Redis", 2000, [], [])]));
}
