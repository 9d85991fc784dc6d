using BenchmarkDotNet.Running;
using Failover.Benchmarks.Quick;

switch (args)
{
    case ["quick", .. string[] rest]:
        return QuickRun.Run(rest.FirstOrDefault());
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
