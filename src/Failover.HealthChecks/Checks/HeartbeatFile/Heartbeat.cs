using System.Globalization;
using System.Text;

namespace Failover.HealthChecks.Checks.HeartbeatFile;

/// <summary>Reads the time of a heartbeat, and says what its age means.</summary>
internal static class Heartbeat
{
    private const int MostBytes = 256;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <exception cref="IOException">The file is not there, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The app may not read it.</exception>
    /// <exception cref="FormatException">It holds no time.</exception>
    internal static DateTimeOffset Read(string path, bool content)
    {
        if (!content)
        {
            FileSystemInfo file = File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path);
            return file.Exists ? new(file.LastWriteTimeUtc, TimeSpan.Zero) : throw new FileNotFoundException($"{path} does not exist");
        }

        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        byte[] bytes = new byte[MostBytes];
        int length = stream.ReadAtLeast(bytes, MostBytes, throwOnEndOfStream: false);
        return Parse(Encoding.UTF8.GetString(bytes, 0, length)) ?? throw new FormatException($"{path} does not begin with a time");
    }

    /// <summary>Reads the first line; null if it is no time.</summary>
    internal static DateTimeOffset? Parse(string text)
    {
        string line = text.AsSpan().TrimStart('\uFEFF').Trim().ToString().Split('\n')[0].Trim();
        if (long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds))
        {
            return seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
        }

        return DateTimeOffset.TryParse(line, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;
    }

    internal static CheckFinding Judge(TimeSpan age, HeartbeatFileCheckOptions options) =>
        age > options.MaximumAge ? CheckFinding.Unhealthy($"the heartbeat is {Seconds(age)} s old, more than {Seconds(options.MaximumAge)} s")
        : -age > options.ClockTolerance ? CheckFinding.Degraded($"the heartbeat is {Seconds(-age)} s in the future: one of the clocks is wrong")
        : options.DegradedAge is { } degraded && age > degraded ? CheckFinding.Degraded($"the heartbeat is {Seconds(age)} s old, more than {Seconds(degraded)} s")
        : CheckFinding.Healthy;

    internal static void Check(HeartbeatFileCheckOptions options, OptionsCheck check)
    {
        check.InRange(nameof(options.MaximumAge), options.MaximumAge, TimeSpan.FromSeconds(1), Longest);
        check.InRange(nameof(options.ClockTolerance), options.ClockTolerance, TimeSpan.Zero, TimeSpan.FromDays(1));
        if (options.DegradedAge is { } degraded && !check.IsRefused(nameof(options.MaximumAge)))
        {
            check.InRange(nameof(options.DegradedAge), degraded, TimeSpan.FromSeconds(1), options.MaximumAge);
        }
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
}
