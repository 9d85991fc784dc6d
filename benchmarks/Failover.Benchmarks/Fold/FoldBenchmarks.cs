using BenchmarkDotNet.Attributes;
using Failover.Engine;

namespace Failover.Benchmarks.Fold;

/// <summary>One step of the engine. The fold is pure, so the same event is fed to the same state again and again.</summary>
[MemoryDiagnoser]
public class FoldBenchmarks
{
    private SettledGroup _group = null!;

    [Params(2, 100)]
    public int Members { get; set; } = 2;

    [GlobalSetup]
    public void Setup() => _group = new(Members);

    /// <summary>A probe answers well, and the next is scheduled.</summary>
    [Benchmark]
    public object ProbeSucceeded() => GroupFold.Apply(_group.Asked, _group.Answer, _group.Now).State;

    /// <summary>A probe of the active member fails: it is suspect now.</summary>
    [Benchmark]
    public object ProbeFailed() => GroupFold.Apply(_group.Asked, _group.Failure, _group.Now).State;

    /// <summary>Calls to the active member succeeded.</summary>
    [Benchmark]
    public object CallsSucceeded() => GroupFold.Apply(_group.Idle, _group.Calls, _group.Now).State;

    /// <summary>Three calls to the active member failed in a row: the group moves.</summary>
    [Benchmark]
    public object CallsFailed() => GroupFold.Apply(_group.Idle, _group.FailedCalls, _group.Now).State;

    /// <summary>The group wakes and sends the probe that is due.</summary>
    [Benchmark]
    public object TickThatProbes() => GroupFold.Apply(_group.Idle, Tick.Instance, _group.Due).State;

    /// <summary>The group wakes, and nothing is due.</summary>
    [Benchmark]
    public object TickThatSleeps() => GroupFold.Apply(_group.Idle, Tick.Instance, _group.Now).State;

    /// <summary>An answer that comes too late is ignored.</summary>
    [Benchmark]
    public object LateAnswer() => GroupFold.Apply(_group.Idle, _group.Answer, _group.Now).State;
}
