using System.Diagnostics;
using Failover.Keepalived.Watching;
using Microsoft.Extensions.Logging.Abstractions;
namespace Failover.Keepalived.Tests.Watching;
public class ZzCpu
{
    [Fact]
    public async Task Measure()
    {
        List<string> told = [];
        async Task Cpu(string what) { await Task.Delay(4000); using Process p = Process.GetCurrentProcess(); TimeSpan c = p.TotalProcessorTime; long a = GC.GetTotalAllocatedBytes(); await Task.Delay(15000); p.Refresh(); told.Add($"{what} {(p.TotalProcessorTime - c).TotalMilliseconds / 15:0.0} ms/s {(GC.GetTotalAllocatedBytes() - a) / 15 / 1024} KB/s"); }
        await Cpu("warmup");
        await Cpu("baseline");
        using FakeKeepalived k = new();
        k.Start();
        {
            await using VrrpObserver o = new(new() { Fifo = k.Path, Address = "10.77.0.100", Peer = "node-b" }, "site", new FakePeers(), new FakeForeign(), TimeProvider.System, NullLogger.Instance);
            o.Start();
            await Until.SoAsync(() => o.View.IsAttached, () => "");
            await Cpu("attached");
            k.Leave();
            await Cpu("gone");
        }
        k.Start();
        {
            await using VrrpObserver o = new(new() { Fifo = k.Path, Address = "10.77.0.100", Peer = "node-b" }, "site", new FakePeers(), new FakeForeign(), TimeProvider.System, NullLogger.Instance, () => false);
            o.Start();
            await Cpu("attached without looks");
        }
        Assert.Fail(string.Join("; ", told));
    }
}
