using Failover.Engine;

namespace Failover.Simulation.Reporting;

/// <summary>Events in a line each, for people.</summary>
internal static class EventText
{
    internal static string Of(GroupEvent happened, Moment now) => $"{now.Elapsed:hh\\:mm\\:ss\\.ffffff}  {Of(happened)}";

    private static string Of(GroupEvent happened) => happened switch
    {
        ProbeCompleted p => $"probe {p.Member} (life {p.Incarnation}, attempt {p.Attempt}): {Of(p.Result)}{(p.StillRunning ? ", left behind" : "")}",
        MeterRead { Reading: var r } m => $"meter {m.Member} (life {m.Incarnation}): {r.Succeeded} ok, {r.Failed} failed ({r.FailuresInARow} in a row), {r.Disputed} disputed, {r.Waiting} waiting, {r.Overdue} overdue, told to leave {r.Drains} times (last for {r.DrainFor.TotalSeconds:0.#} s), put off {r.PutOff} times",
        HintReceived { Hint: var h } => $"hint {h.Kind} {h.Member?.Name ?? "all"}{(h.QuorumEpoch is { } e ? $", bound to {e}" : "")}",
        LeaseGranted granted => $"lease granted, token {granted.Token}",
        LeaseLost => "lease lost",
        SwitchCompleted s => $"switch {s.Operation}: {s.Outcome}, shows {(s.ReadBack is { } back ? back.Active?.Name ?? "none" : "nothing")}",
        SwitchRequested asked => $"request for {asked.Target}",
        Drained { Until: { } until } drained => $"drain {drained.Member} {(until == TimeSpan.MaxValue ? "until told otherwise" : $"until {until}")}",
        Drained drained => $"drain of {drained.Member} ends",
        PinChanged pin => pin.Pinned ? "pin" : "unpin",
        LineageTrusted trusted => $"trust {trusted.Lineage}",
        MembersChanged changed => $"members {string.Join(", ", changed.Members)}",
        OptionsChanged { Settings: var o } => $"options: fall {o.Fall}, rise {o.Rise}, hold-down {o.HoldDown}, switchback {o.SwitchbackMode}, trust {o.TrustLineage ?? "none"}",
        _ => "tick",
    };

    private static string Of(ProbeResult result) =>
        result.Outcome + (result.Role == MemberRole.Unknown ? "" : $" {result.Role}") + (result.Epoch is { } epoch ? $" {epoch}" : "") + (result.DrainFor is { } time ? $" for {time}" : "") + (result.Evidence is null ? "" : $" ({result.Evidence})");
}
