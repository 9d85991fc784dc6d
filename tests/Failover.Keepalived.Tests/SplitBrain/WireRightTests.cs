using System.Runtime.InteropServices;
using Failover.Keepalived.SplitBrain;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.Keepalived.Tests.SplitBrain;

public sealed partial class WireRightTests
{
    [Fact]
    public async Task Without_the_right_it_is_absent_and_says_so()
    {
        string why = OperatingSystem.IsLinux() ? "needs CAP_NET_RAW" : "needs Linux";
        KeepalivedOptions options = new() { Address = "127.0.0.100" };
        FakeLogCollector logs = new();
        await using ForeignHolders holders = new(options, TimeProvider.System, new FakeLogger(logs), (heard, lost) => WithoutRights(() => Wire.Open(options, heard, lost)));
        holders.Hold(true);
        await Until.SoAsync(() => holders.Detectors.SequenceEqual([$"arp: absent ({why})", $"adverts: absent ({why})"]), () => string.Join(", ", holders.Detectors));
        Assert.False(holders.Announce());
        Assert.False(holders.SeesAnother);
        await Until.SoAsync(() => logs.Count > 0, () => "logged");
        Assert.Equal([11021], logs.GetSnapshot().Select(static log => log.Id.Id));
    }

    /// <summary>Runs code on a thread that has no capability, as an ordinary user's has none.</summary>
    private static T WithoutRights<T>(Func<T> code)
    {
        TaskCompletionSource<T> result = new();
        Thread thread = new(() =>
        {
            // struct __user_cap_header_struct: version 3, this thread; and its two sets of data, empty.
            if (OperatingSystem.IsLinux() && capset([0x20080522, 0], new uint[6]) != 0)
            {
                result.SetException(new InvalidOperationException(Marshal.GetLastPInvokeErrorMessage()));
                return;
            }

            result.SetResult(code());
        });
        thread.Start();
        thread.Join();
        return result.Task.GetAwaiter().GetResult();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int capset(ReadOnlySpan<uint> header, ReadOnlySpan<uint> data);
}
