using System.Collections.Concurrent;

namespace Failover.Tests.Groups;

/// <summary>A probe that answers as it is told, and tells when it was asked.</summary>
internal sealed class FakeProbe : IMemberProbe
{
    private readonly ConcurrentDictionary<string, Func<CancellationToken, ValueTask<ProbeResult>>> _answers = new();
    private readonly ConcurrentDictionary<string, int> _asked = new();

    internal int Asked(FailoverMember member) => _asked.GetValueOrDefault(member.Name);

    internal void Answer(FailoverMember member, ProbeResult result) => _answers[member.Name] = _ => new(result);

    internal void Answer(FailoverMember member, Func<CancellationToken, ValueTask<ProbeResult>> answer) => _answers[member.Name] = answer;

    /// <summary>From now on the member does not answer before the returned source is set, whatever its token says.</summary>
    internal TaskCompletionSource<ProbeResult> Hang(FailoverMember member)
    {
        TaskCompletionSource<ProbeResult> hung = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _answers[member.Name] = _ => new(hung.Task);
        return hung;
    }

    public ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken)
    {
        ValueTask<ProbeResult> answer = _answers.TryGetValue(member.Name, out var make) ? make(cancellationToken) : new(ProbeResult.Success());
        _asked.AddOrUpdate(member.Name, 1, static (_, asked) => asked + 1);
        return answer;
    }
}
