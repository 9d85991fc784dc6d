using System.Xml.Linq;

namespace Failover.Architecture.Tests.Packages;

/// <summary>What a project of src/ refers to.</summary>
internal sealed record ProjectFile(string Id, IReadOnlyList<string> Siblings, IReadOnlyList<string> Libraries, IReadOnlyList<string> Frameworks)
{
    internal static IEnumerable<ProjectFile> All { get; } =
        [.. Repository.Files
            .Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".csproj", StringComparison.Ordinal))
            .Select(file => Parse(Path.GetFileNameWithoutExtension(file), Repository.Read(file)))];

    internal static ProjectFile Parse(string id, string xml)
    {
        XDocument project = XDocument.Parse(xml);
        string[] Included(string element) => [.. project.Descendants(element).Select(item => (string?)item.Attribute("Include") ?? "")];
        return new(
            id,
            [.. Included("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))],
            Included("PackageReference"),
            Included("FrameworkReference"));
    }
}
