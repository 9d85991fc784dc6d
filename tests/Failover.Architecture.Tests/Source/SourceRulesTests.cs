namespace Failover.Architecture.Tests.Source;

public sealed class SourceRulesTests
{
    [Fact]
    public void Public_classes_are_sealed_static_or_abstract() => Assert.Empty(Repository.Source().SelectMany(SourceRules.OpenClasses));

    [Fact]
    public void A_public_type_has_a_file_of_its_own_name() => Assert.Empty(Repository.Source().SelectMany(SourceRules.Misplaced));

    [Fact]
    public void No_file_is_too_long_to_read() => Assert.Empty(Repository.Source().SelectMany(SourceRules.TooLong));

    [Fact]
    public void Regions_mark_what_the_docs_show() =>
        Assert.Empty(Repository.AllSource().Where(file => file.Name != nameof(SourceRulesTests)).SelectMany(SourceRules.Regions));

    [Fact]
    public void The_source_was_found() => Assert.True(Repository.Source().Count() > 50);

    [Theory]
    [InlineData("public class Thing;", 1)]
    [InlineData("    public partial class Nested", 1)]
    [InlineData("public record Thing(int A);", 1)]
    [InlineData("public sealed class Thing;", 0)]
    [InlineData("public static partial class Thing;", 0)]
    [InlineData("public abstract record Thing;", 0)]
    [InlineData("public readonly record struct Thing(int A);", 0)]
    [InlineData("internal class Thing;", 0)]
    public void An_open_class_is_found(string code, int violations) =>
        Assert.Equal(violations, SourceRules.OpenClasses(new("src/Failover/Thing.cs", code)).Count());

    [Theory]
    [InlineData("Thing.cs", "public sealed class Thing;", 0)]
    [InlineData("Thing.cs", "public sealed class Thing<T> : IThing", 0)]
    [InlineData("Thing.Part.cs", "public sealed partial class Thing\n{\n    public sealed class Nested;", 0)]
    [InlineData("Thing.cs", "public delegate ValueTask<bool> Thing(int a);", 0)]
    [InlineData("Thing.cs", "public sealed class Other;", 1)]
    [InlineData("Thing.cs", "public delegate ValueTask<bool> Other(int a);", 1)]
    [InlineData("Thing.cs", "public enum Thing\n{\n}\npublic readonly record struct Other(int A);", 1)]
    [InlineData("Thing.cs", "public interface IThing;\n", 1)]
    [InlineData("Things.cs", "internal sealed class A;\ninternal sealed class B;", 0)]
    public void A_public_type_in_another_file_is_found(string file, string code, int violations) =>
        Assert.Equal(violations, SourceRules.Misplaced(new($"src/Failover/{file}", code)).Count());

    [Theory]
    [InlineData(SourceRules.MaxLines, 0)]
    [InlineData(SourceRules.MaxLines + 1, 1)]
    public void A_long_file_is_found(int lines, int violations) =>
        Assert.Equal(violations, SourceRules.TooLong(new("src/Failover/Thing.cs", string.Concat(Enumerable.Repeat("//\n", lines)))).Count());

    [Theory]
    [InlineData("samples/A/Program.cs", "    #region docs:probe", 0)]
    [InlineData("samples/A/Program.cs", "    #region Fields", 1)]
    [InlineData("src/Failover/Thing.cs", "#region docs:probe", 1)]
    public void A_region_for_anything_else_is_found(string file, string code, int violations) =>
        Assert.Equal(violations, SourceRules.Regions(new(file, code)).Count());
}
