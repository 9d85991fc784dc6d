using System.Globalization;
using Failover;

namespace VirtualIp.Demo;

/// <summary>A switchover, as an app tells it.</summary>
/// <param name="Move">What moved, and why: <c>Failover: node-a -> node-b</c>.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Times">How long it took, as far as it can be known there.</param>
/// <param name="Evidence">By what it is known.</param>
internal sealed record Told(string Move, string Outcome, string Times, string Evidence)
{
    private const string Begin = "told|";

    /// <summary>As one line, from which <see cref="TryRead"/> makes it again.</summary>
    internal string Line => $"{Begin}{Move}|{Outcome}|{Times}|{Evidence}";

    internal static Told Of(Switchover told) => new(
        $"{told.Cause}: {told.From?.Name ?? "nobody"} -> {told.To.Name}",
        $"{told.Outcome}",
        string.Join(", ", new[] { Say("detected in", told.DetectionTime), Say("recovered in", told.RecoveryTime) }.Where(static time => time.Length > 0)),
        told.Evidence?.Replace('|', '/') ?? "");

    internal static Told? TryRead(string line) =>
        line.StartsWith(Begin, StringComparison.Ordinal) && line.Split('|') is [_, var move, var outcome, var times, var evidence] ? new(move, outcome, times, evidence) : null;

    private static string Say(string words, TimeSpan? time) => time is { } known ? string.Create(CultureInfo.InvariantCulture, $"{words} {known.TotalMilliseconds:N0} ms") : "";
}
