using System.Diagnostics;
using Failover.TestServers.Network;

namespace Failover.TestServers.Virtual;

/// <summary>Hears from the kernel when a node gets the virtual address and when it loses it.</summary>
internal sealed class AddressWatch : IAsyncDisposable
{
    // An address of documentation: it comes and goes once, so that it is known that the kernel is heard.
    private const string Marker = "192.0.2.1";

    // Ends with the test process, however that ends.
    private const string Guard = """
        "$@" & monitor=$!
        read -r word; kill $monitor
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly List<(TimeSpan At, bool IsHeld)> _changes = [];
    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _monitor;
    private readonly Task _reading;

    private AddressWatch(string network)
    {
        _monitor = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Guard, "guard", RequiredServer.Locate("ip"), "-n", network, "-o", "monitor", "address"]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        _reading = ReadAsync();
    }

    /// <summary>Gets whether the node has the address.</summary>
    internal bool IsHeld
    {
        get
        {
            lock (_gate)
            {
                return _changes is [.., (_, true)];
            }
        }
    }

    /// <summary>Begins to watch a node, which has the address not yet.</summary>
    internal static async Task<AddressWatch> StartAsync(string network)
    {
        AddressWatch watch = new(network);
        try
        {
            using CancellationTokenSource end = new(Limit);
            while (!watch._heard.Task.IsCompleted)
            {
                end.Token.ThrowIfCancellationRequested();
                await NetworkSite.IpAsync("-n", network, "addr", "add", $"{Marker}/32", "dev", "lo");
                await NetworkSite.IpAsync("-n", network, "addr", "del", $"{Marker}/32", "dev", "lo");
            }

            return watch;
        }
        catch
        {
            await watch.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns when the node had the address, within two instants.</summary>
    internal IReadOnlyList<(TimeSpan From, TimeSpan To)> HeldWithin(TimeSpan from, TimeSpan to)
    {
        (TimeSpan At, bool IsHeld)[] changes;
        lock (_gate)
        {
            changes = [.. _changes];
        }

        List<(TimeSpan, TimeSpan)> held = [];
        for (int i = 0; i < changes.Length; i++)
        {
            TimeSpan begun = changes[i].At > from ? changes[i].At : from;
            TimeSpan ended = i + 1 < changes.Length && changes[i + 1].At < to ? changes[i + 1].At : to;
            if (changes[i].IsHeld && begun < ended)
            {
                held.Add((begun, ended));
            }
        }

        return held;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _monitor.StandardInput.Close();
        await _reading;
        await _monitor.WaitForExitAsync();
        _monitor.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _monitor.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains(Marker, StringComparison.Ordinal))
            {
                _heard.TrySetResult();
            }
            else if (line.Contains($" {VirtualSite.Address}/", StringComparison.Ordinal))
            {
                lock (_gate)
                {
                    _changes.Add((VirtualSite.Now, !line.StartsWith("Deleted", StringComparison.Ordinal)));
                }
            }
        }
    }
}
