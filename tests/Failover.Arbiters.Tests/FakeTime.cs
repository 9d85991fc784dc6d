namespace Failover.Arbiters.Tests;

/// <summary>A wall clock that lies: libfaketime, which reads from a file by how much. The monotonic clock tells the truth.</summary>
internal static class FakeTime
{
    private static readonly string[] Libraries =
        ["/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"];

    internal static IReadOnlyDictionary<string, string> Reading(string path) => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Libraries.First(File.Exists),
        ["FAKETIME_TIMESTAMP_FILE"] = path,
        ["FAKETIME_NO_CACHE"] = "1",
        ["DONT_FAKE_MONOTONIC"] = "1",
    };
}
