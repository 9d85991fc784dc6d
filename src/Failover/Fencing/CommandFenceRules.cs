using System.Text.RegularExpressions;

namespace Failover.Fencing;

/// <summary>What a command that fences must be like.</summary>
internal static partial class CommandFenceRules
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
    private static readonly string[] Known = ["{resource}", "{target}", "{host}", "{port}", "{token}"];

    internal static IReadOnlyList<string> Problems(CommandFenceOptions options, string prefix)
    {
        var check = new OptionsCheck(prefix);
        if (string.IsNullOrWhiteSpace(options.FileName))
        {
            check.Refuse("FileName", "is missing: it must be the program that fences, like /usr/sbin/fence_ipmilan");
        }
        else if (!IsThere(options.FileName))
        {
            check.Refuse("FileName", options.FileName, Path.IsPathRooted(options.FileName) ? "must be a program that is there" : "must be a full path, or the name of a program in PATH");
        }

        if (options.Timeout < Shortest || options.Timeout > Longest)
        {
            check.Refuse("Timeout", options.Timeout, $"must be from {Shortest} to {Longest}");
        }

        for (int i = 0; i < options.Arguments.Count; i++)
        {
            if (options.Arguments[i] is not { } argument)
            {
                check.Refuse($"Arguments:{i}", "must be set");
                continue;
            }

            foreach (Match unknown in Placeholder().Matches(argument).Where(static match => !Known.Contains(match.Value)))
            {
                check.Refuse($"Arguments:{i}", $"holds {unknown.Value}, which is not known; known are {string.Join(", ", Known)}");
            }
        }

        return check.Problems;
    }

    private static bool IsThere(string program) => Path.IsPathRooted(program)
        ? File.Exists(program)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program)) || (OperatingSystem.IsWindows() && File.Exists(Path.Combine(folder, program + ".exe"))));

    [GeneratedRegex(@"\{[A-Za-z]+\}")]
    private static partial Regex Placeholder();
}
