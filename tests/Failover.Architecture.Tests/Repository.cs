using System.Diagnostics;

namespace Failover.Architecture.Tests;

/// <summary>The files of this repository, as text.</summary>
internal static class Repository
{
    /// <summary>The folder that holds Failover.sln.</summary>
    internal static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>Every file that is committed, or is not yet but would be; the names use <c>/</c> and start at the root.</summary>
    internal static IReadOnlyList<string> Files { get; } = [.. ListFiles().Where(file => File.Exists(FullPath(file))).Order(StringComparer.Ordinal)];

    internal static string FullPath(string file) => Path.Combine(Root, file);

    internal static string Read(string file) => File.ReadAllText(FullPath(file));

    /// <summary>The C# files of src/.</summary>
    internal static IEnumerable<SourceFile> Source() => AllSource().Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal));

    /// <summary>Every C# file: samples, tests and benchmarks too.</summary>
    internal static IEnumerable<SourceFile> AllSource() =>
        Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal)).Select(file => new SourceFile(file, Read(file)));

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "Failover.sln"))
            ? folder
            : FindRoot(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Failover.sln is in none of the folders above the tests."));

    private static string[] ListFiles()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        })!;
        string[] files = git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        return git.ExitCode == 0 ? files : throw new InvalidOperationException($"git ls-files ended with {git.ExitCode}.");
    }
}
