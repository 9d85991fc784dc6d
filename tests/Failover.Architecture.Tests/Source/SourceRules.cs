using System.Text.RegularExpressions;

namespace Failover.Architecture.Tests.Source;

/// <summary>What the files of src/ look like.</summary>
internal static partial class SourceRules
{
    internal const int MaxLines = 400;

    /// <summary>Public classes that are made to be derived from. Each with its reason.</summary>
    internal static readonly string[] MadeToBeDerivedFrom = [];

    /// <summary>A public class is sealed, static or abstract: what nobody planned to be derived from cannot be changed later without breaking who did.</summary>
    internal static IEnumerable<string> OpenClasses(SourceFile file) =>
        from Match type in AnyPublicClass().Matches(file.Text)
        where !Regex.IsMatch(type.Groups["modifiers"].Value, @"\b(sealed|static|abstract)\b")
        where !MadeToBeDerivedFrom.Contains(type.Groups["name"].Value)
        select $"{file.Path}: {type.Groups["name"].Value} is neither sealed, static nor abstract.";

    /// <summary>One public type a file, named like it. <c>Name.Part.cs</c> is a part of <c>Name</c>.</summary>
    internal static IEnumerable<string> Misplaced(SourceFile file)
    {
        string[] names = [.. TopLevelPublicType().Matches(file.Text).Select(type => type.Groups["name"].Value).Distinct()];
        return names.Length switch
        {
            0 => [],
            1 => names[0] == file.Name.Split('.')[0] ? [] : [$"{file.Path} holds {names[0]}: name it like that."],
            _ => [$"{file.Path} holds {string.Join(", ", names)}: a public type has a file of its own."],
        };
    }

    internal static IEnumerable<string> TooLong(SourceFile file) =>
        file.Lines.Length > MaxLines + 1 ? [$"{file.Path} has more than {MaxLines} lines: look for the seam."] : [];

    /// <summary>Regions mark what the docs show, nothing else, and none of it is in src/.</summary>
    internal static IEnumerable<string> Regions(SourceFile file) =>
        from Match region in Region().Matches(file.Text)
        where file.Path.StartsWith("src/", StringComparison.Ordinal) || !region.Groups["name"].Value.StartsWith("docs:", StringComparison.Ordinal)
        select $"{file.Path}: a region marks code that the docs show (docs:name), in samples/ and tests/ only.";

    [GeneratedRegex(@"^[ \t]*public (?<modifiers>(?:\w+ )*)(?:class|record(?! struct)(?: class)?) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex AnyPublicClass();

    // Namespaces are file-scoped, so a type that nothing encloses begins its line.
    [GeneratedRegex(@"^public (?:\w+ )*?(?:(?:class|record struct|record class|record|struct|interface|enum) (?<name>\w+)(?=[\s<(;:{]|$)|delegate [^(]* (?<name>\w+)(?:<[\w, ]+>)?\()", RegexOptions.Multiline)]
    private static partial Regex TopLevelPublicType();

    [GeneratedRegex(@"^[ \t]*#region\s*(?<name>\S*)", RegexOptions.Multiline)]
    private static partial Regex Region();
}
