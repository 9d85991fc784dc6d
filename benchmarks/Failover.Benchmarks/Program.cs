using BenchmarkDotNet.Running;
using Failover.Benchmarks.Quick;
using Failover.Benchmarks.Scale;

switch (args)
{
    case ["quick", .. string[] rest]:
        return QuickRun.Run(rest.FirstOrDefault());
    case ["scale", .. string[] rest]:
        int seconds = rest.Length > 0 ? int.Parse(rest[0]) : 30;
        return await ScaleRun.RunAsync(groups: 5_000, large: 100, TimeSpan.FromSeconds(seconds));
    default:
        BenchmarkSwitcher.FromAssembly(typeof(QuickRun).Assembly).Run(args);
        return 0;
}
