namespace Failover.TestServers;

/// <summary>Finds the programs of the real servers that tests start, and says what a missing one means.</summary>
public static class RequiredServer
{
    // Debian keeps servers out of an ordinary user's PATH.
    private static readonly string[] ServerFolders =
        ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin", "/opt/homebrew/bin", "/opt/homebrew/sbin"];

    /// <summary>Gets the full path of a server program.</summary>
    /// <exception cref="InvalidOperationException">The program is not installed.</exception>
    public static string Locate(string program) =>
        Find(program) ?? throw new InvalidOperationException(MissingMessage([program]));

    /// <summary>Gets the full path of a server program, or <see langword="null"/> if it is not installed.</summary>
    public static string? Find(string program) => Find(program, Environment.GetEnvironmentVariable("PATH"));

    internal static string? Find(string program, string? path)
    {
        string[] folders = [.. (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), .. ServerFolders, .. PostgreSqlFolders()];
        string[] endings = OperatingSystem.IsWindows() ? ["", ".exe"] : [""];
        return folders
            .SelectMany(folder => endings.Select(ending => Path.Combine(folder, program + ending)))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>
    /// Says why a test that needs these programs is skipped, or <see langword="null"/> if it is to run. With <c>CI=true</c> it always runs:
    /// there a missing server is a failure, which <see cref="Locate"/> tells, never a skip that nobody sees.
    /// </summary>
    internal static string? SkipReason(IEnumerable<string> programs, Func<string, string?> find, bool isCi)
    {
        string[] missing = [.. programs.Where(program => find(program) is null)];
        return missing.Length == 0 || isCi ? null : MissingMessage(missing);
    }

    internal static string? SkipReason(IEnumerable<string> programs) =>
        SkipReason(programs, Find, Environment.GetEnvironmentVariable("CI") == "true");

    private static string MissingMessage(string[] missing) =>
        $"Not installed: {string.Join(", ", missing)}. ./test.sh --install installs the test servers on Debian.";

    private static IEnumerable<string> PostgreSqlFolders() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
            : [];
}
