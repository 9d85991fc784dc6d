using Failover.Engine;

namespace Failover.Simulation.Checking.Invariants;

/// <summary>A lineage other than the trusted one is taken only when somebody says so, or after the silence that the settings ask for.</summary>
internal sealed class ForeignLineageNeedsTrust : Invariant
{
    private string? _trusted;
    private TimeSpan _heard;

    protected override void Began(Step first)
    {
        _trusted = first.State.Epochs.Trusted;
        _heard = first.State.Since.Elapsed;
    }

    internal override void Before(in Seen seen)
    {
        string? told = seen.Event switch
        {
            ProbeCompleted { Result.Outcome: ProbeOutcome.Succeeded or ProbeOutcome.Draining } probe when Ledger.InTime(probe) =>
                (probe.Result.Epoch ?? (probe.Result.Role == MemberRole.Primary ? Ledger.Find(probe.Member)?.Bound : null))?.Lineage,
            HintReceived { Hint.QuorumEpoch: { } bound } => bound.Lineage,
            LineageTrusted trusted => _trusted = trusted.Lineage,
            OptionsChanged { Settings.TrustLineage: { } asked } when asked != seen.Before.Epochs.Asked => _trusted = asked,
            _ => null,
        };
        if (told is not null && string.Equals(told, _trusted, StringComparison.Ordinal))
        {
            _heard = seen.Elapsed;
        }
    }

    internal override void After(in Seen seen)
    {
        if (Ledger.IsPriority || seen.After.Active is not { } active)
        {
            return;
        }

        MemberLedger? member = Ledger.Find(active);
        string? lineage = member?.Epoch?.Lineage;
        if (_trusted is null)
        {
            _trusted = member?.Standing == Standing.Healthy ? lineage : null;
            _heard = seen.Elapsed;
        }
        else if ((lineage is not null || Ledger.HasEpochs) && !string.Equals(lineage, _trusted, StringComparison.Ordinal))
        {
            bool silent = lineage is not null && Ledger.Settings.WhenOldSilentFor is { } silence && seen.Elapsed - _heard >= silence;
            if (!silent)
            {
                Fail($"{active} of lineage {lineage ?? "none"} is active; {_trusted} is trusted");
            }

            _trusted = lineage;
            _heard = seen.Elapsed;
        }
    }
}
