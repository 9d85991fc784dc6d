using System.Text.Json.Serialization;

namespace Quickstart.Reports;

/// <summary>What the story came to: what the table and <c>--json</c> tell.</summary>
internal sealed record Report
{
    /// <summary>Gets whether every promise held.</summary>
    public bool Held => Promises.All(p => p.Held);

    public required double Seconds { get; init; }

    public required int Processors { get; init; }

    public required string System { get; init; }

    public required IReadOnlyList<PhaseReport> Phases { get; init; }

    public required PhaseReport Total { get; init; }

    public required IReadOnlyList<SwitchoverReport> Switchovers { get; init; }

    public required IReadOnlyList<FaultReport> Faults { get; init; }

    public required IReadOnlyList<UnknownPost> UnknownPosts { get; init; }

    public required IReadOnlyList<Promise> Promises { get; init; }
}

/// <summary>The requests that were due in one phase.</summary>
/// <param name="Name">The phase.</param>
/// <param name="Seconds">How long it lasted.</param>
/// <param name="Gets">GETs sent.</param>
/// <param name="Failed">GETs that failed.</param>
/// <param name="Slow">Requests of both kinds that took more than half a second.</param>
/// <param name="Posts">POSTs sent.</param>
/// <param name="Done">POSTs answered with 2xx.</param>
/// <param name="Refused">POSTs that were surely not executed.</param>
/// <param name="Unknown">POSTs of which the caller cannot know.</param>
/// <param name="Doubled">POSTs that were executed more than once, by the servers' journals.</param>
/// <param name="OnPrimary">Attempts sent to the primary.</param>
/// <param name="OnSecondary">Attempts sent to the secondary.</param>
internal sealed record PhaseReport(
    string Name, double Seconds, int Gets, int Failed, int Slow, int Posts, int Done, int Refused, int Unknown, int Doubled, int OnPrimary, int OnSecondary);

/// <summary>One switchover, as the group told it.</summary>
internal sealed record SwitchoverReport(string Cause, string? From, string To, string? Evidence, double? DetectionMilliseconds, double? SwitchMilliseconds, double? RecoveryMilliseconds);

/// <summary>What a fault came to for the primary, and for those who had called it.</summary>
/// <param name="Phase">In which phase.</param>
/// <param name="Fault">What was wrong with it.</param>
/// <param name="InFlight">Requests that were lost in it: sent to it before it was gone.</param>
/// <param name="InFlightByJournal">Those of them that it had begun to work on, by its own journal. The others it no longer read.</param>
/// <param name="Hits">Requests sent to it while it was faulty: where it was gone or frozen, as the client counts them; a refusing one counts them in its own journal.</param>
/// <param name="Probes">Probes that it refused, by its own journal; null where it was gone or frozen.</param>
/// <param name="SlowGets">GETs that were due meanwhile and took more than half a second.</param>
/// <param name="SlowestGetMilliseconds">How long the slowest of the GETs took that were due meanwhile.</param>
/// <param name="PostsOutlasting">POSTs that waited until a frozen primary went on, and were then done.</param>
internal sealed record FaultReport(
    string Phase, Fault Fault, int InFlight, int InFlightByJournal, int Hits, int? Probes, int SlowGets, double SlowestGetMilliseconds, int PostsOutlasting);

/// <summary>A POST of which the caller cannot know whether it was executed, and what the servers' journals say.</summary>
internal sealed record UnknownPost(int Order, string Reason, string Truth);

/// <summary>A promise, and whether it held.</summary>
internal sealed record Promise(string Text, bool Held, string Told);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Report))]
internal sealed partial class ReportJson : JsonSerializerContext;
