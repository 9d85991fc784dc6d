using System.Collections.Immutable;
using Failover.HealthChecks;

namespace Failover.AspNetCore.Answers;

/// <summary>What an endpoint says as long as a snapshot holds. Made once for it.</summary>
internal sealed class HealthAnswer
{
    private readonly Func<CheckSnapshot, bool>? _counts;
    private readonly HealthFormat _format;
    private readonly Lock _gate = new();
    private ImmutableArray<GroupSnapshot> _groups;
    private Body? _details;

    internal HealthAnswer(HealthSnapshot snapshot, HealthVerdict verdict, Func<CheckSnapshot, bool>? counts, HealthFormat format)
    {
        Snapshot = snapshot;
        Verdicts = counts is null ? snapshot.Verdicts : snapshot.VerdictsOf(counts);
        Status = StatusOf(verdict, Verdicts);
        Json = Body.Json(format, Status);
        Text = Body.Text(Status);
        (_counts, _format) = (counts, format);
    }

    internal HealthSnapshot Snapshot { get; }

    internal HealthVerdicts Verdicts { get; }

    internal AnswerStatus Status { get; }

    /// <summary>The status alone.</summary>
    internal Body Json { get; }

    /// <inheritdoc cref="Json"/>
    internal Body Text { get; }

    /// <summary>All that may be told. Made anew when a group has changed as well.</summary>
    /// <param name="groups">How the groups stand; left out where only some checks count.</param>
    internal Body Details(ImmutableArray<GroupSnapshot> groups)
    {
        lock (_gate)
        {
            if (_details is null || !groups.AsSpan().SequenceEqual(_groups.AsSpan()))
            {
                ImmutableArray<CheckSnapshot> checks = _counts is null ? Snapshot.Checks : Snapshot.Checks.RemoveAll(check => !_counts(check));
                _details = _format == HealthFormat.HealthChecksUi
                    ? new(Body.UiType, UiJson.Write(Status, checks))
                    : new(Body.HealthJsonType, HealthJson.Write(Status, Verdicts, Snapshot.At, checks, groups));
                _groups = groups;
            }

            return _details;
        }
    }

    private static AnswerStatus StatusOf(HealthVerdict verdict, HealthVerdicts verdicts) => verdict switch
    {
        HealthVerdict.Operational => PassIf(verdicts.Operational),
        HealthVerdict.CanServe => !verdicts.CanServe ? AnswerStatus.Fail : verdicts.Operational ? AnswerStatus.Pass : AnswerStatus.Warn,
        HealthVerdict.Alive => PassIf(verdicts.Alive),
        _ => PassIf(verdicts.IsStarted),
    };

    private static AnswerStatus PassIf(bool passes) => passes ? AnswerStatus.Pass : AnswerStatus.Fail;
}
