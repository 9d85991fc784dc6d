using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Failover.Keepalived.Doctor.Rules;

/// <summary>
/// What keepalived itself thinks of a file (<c>keepalived -t</c>). Its lines count, not its exit code: with a script user other than root, 2.2.7 ends itself by SIGTERM (143) though all is well.
/// </summary>
internal static partial class KeepalivedWord
{
    private const int MaxLines = 100;
    private const int MaxLength = 256 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    internal static void Ask(Examination e, string program, string path)
    {
        ProcessStartInfo start = new(program, ["--config-test", "--use-file", path]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = ReadAsync(process.StandardError);
            Task<string> output = ReadAsync(process.StandardOutput);
            if (!process.WaitForExit(Limit) || !Task.WaitAll([errors, output], Limit))
            {
                process.Kill(entireProcessTree: true);
                e.Warn(DoctorCode.KeepalivedSays, path, $"{program} has not judged the file within {Limit.TotalSeconds.ToString(CultureInfo.InvariantCulture)} seconds.", "Ask it by hand: keepalived -t.");
                return;
            }

            Tell(e, path, [errors.Result, output.Result]);
        }
        catch (Exception failure) when (failure is Win32Exception or InvalidOperationException or IOException)
        {
            e.Warn(DoctorCode.KeepalivedSays, path, $"{program} cannot be asked ({failure.GetType().Name}).", "Name the program that is there, like /usr/sbin/keepalived, and ask as root.");
        }
    }

    // One that says more stops at a full pipe, and is ended with the time.
    private static async Task<string> ReadAsync(TextReader reader)
    {
        char[] text = new char[MaxLength];
        return new(text, 0, await reader.ReadBlockAsync(text).ConfigureAwait(false));
    }

    private static void Tell(Examination e, string path, IEnumerable<string> texts)
    {
        // Each of its processes reads the file, and says the same.
        foreach (string line in texts.SelectMany(static text => text.Split('\n')).Select(static line => line.Trim()).Where(static line => line.Length > 0).Take(MaxLines))
        {
            Match place = Place().Match(line);
            string? file = place.Groups["file"] is { Success: true } named ? named.Value : path;
            int? number = place.Success ? int.Parse(place.Groups["line"].Value, CultureInfo.InvariantCulture) : null;
            e.Findings.Add(DoctorSeverity.Warning, DoctorCode.KeepalivedSays, file, number, "keepalived -t", $"keepalived says: {place.Groups["what"].Value}{(place.Success ? "" : line)}", "Mend what it names.");
        }
    }

    [GeneratedRegex(@"^\((?:(?<file>.*): )?Line (?<line>\d{1,9})\) (?<what>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
