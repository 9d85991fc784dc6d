using BenchmarkDotNet.Attributes;

namespace Failover.Benchmarks.Groups;

/// <summary>What a caller pays on each request to know where to go.</summary>
[MemoryDiagnoser]
public class PickBenchmarks
{
    internal const int Picks = 1_000;

    private FailoverGroup _group = null!;

    [GlobalSetup]
    public void Setup() => _group = LiveGroup.Settled(new Uri("http://a.example/"), new Uri("http://b.example/"));

    [GlobalCleanup]
    public Task Cleanup() => _group.DisposeAsync().AsTask();

    /// <summary>The member to try first.</summary>
    [Benchmark(OperationsPerInvoke = Picks)]
    public int Pick()
    {
        // The sum keeps the read alive, and is the same for both members.
        int sum = 0;
        for (int i = 0; i < Picks; i++)
        {
            sum += _group.Snapshot.Route[0].Member.Name.Length;
        }

        return sum;
    }

    /// <summary>The proven active member and the condition.</summary>
    [Benchmark(OperationsPerInvoke = Picks)]
    public int ReadActive()
    {
        int sum = 0;
        for (int i = 0; i < Picks; i++)
        {
            GroupSnapshot snapshot = _group.Snapshot;
            sum += snapshot.Active is null ? 0 : (int)snapshot.Condition;
        }

        return sum;
    }

    /// <summary>Every member with its verdict.</summary>
    [Benchmark(OperationsPerInvoke = Picks)]
    public int ReadMembers()
    {
        int healthy = 0;
        for (int i = 0; i < Picks; i++)
        {
            foreach (MemberSnapshot member in _group.Snapshot.Members)
            {
                healthy += member.Verdict == Verdict.Healthy ? 1 : 0;
            }
        }

        return healthy;
    }

    /// <summary>What a successful call writes to the meter of its member.</summary>
    [Benchmark(OperationsPerInvoke = Picks)]
    public void CountCall()
    {
        for (int i = 0; i < Picks; i++)
        {
            MemberMeter meter = _group.Snapshot.Route[0].Meter;
            meter.Succeeded(meter.Start());
        }
    }
}
