using BenchmarkDotNet.Attributes;
using Failover.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.Benchmarks.Health;

/// <summary>What whoever asks for the health of the node pays, with three checks.</summary>
[MemoryDiagnoser]
public class HealthBenchmarks
{
    internal const int Reads = 1_000;

    private ServiceProvider _services = null!;
    private NodeHealth _health = null!;

    [GlobalSetup]
    public void Setup()
    {
        ServiceCollection services = [];
        services.AddFailover().AddHealth();
        services.AddHealthChecks().AddCheck("a", static () => HealthCheckResult.Healthy()).AddCheck("b", static () => HealthCheckResult.Healthy()).AddCheck("c", static () => HealthCheckResult.Healthy());
        _services = services.BuildServiceProvider();
        _health = _services.GetRequiredService<NodeHealth>();
        SpinWait.SpinUntil(() => _health.Verdicts.Operational, TimeSpan.FromSeconds(30));
    }

    [GlobalCleanup]
    public void Cleanup() => _services.Dispose();

    /// <summary>The snapshot with its verdicts.</summary>
    [Benchmark(OperationsPerInvoke = Reads)]
    public int Read()
    {
        int operational = 0;
        for (int i = 0; i < Reads; i++)
        {
            operational += _health.Snapshot.Verdicts.Operational ? 1 : 0;
        }

        return operational;
    }
}
