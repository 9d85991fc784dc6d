using System.Diagnostics;
using System.Globalization;
using Failover.TestServers.Servers;

namespace Failover.TestServers.Virtual;

/// <summary>A process where the clients of a <see cref="VirtualSite"/> are, that calls the virtual address each 10 milliseconds over a new connection, whatever became of the calls before. It ends with the test process.</summary>
public sealed class AddressClient : IAsyncDisposable
{
    private const int IntervalInMilliseconds = 10;

    /// <summary>How long the client waits for an answer.</summary>
    internal static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly List<AddressCall> _calls = [];
    private readonly List<(Func<AddressCall, bool> IsIt, TaskCompletionSource<AddressCall> Found)> _waiting = [];
    private readonly VirtualSite _site;
    private readonly Process _process;
    private readonly Task _reading;

    private AddressClient(VirtualSite site)
    {
        string[] command = [.. site.ClientPrefix, TestProgram.DotnetHost(), TestProgram.PathOf("Failover.VirtualNode"), "--client", VirtualSite.Address, $"{VirtualSite.Port}", $"{IntervalInMilliseconds}"];
        _site = site;
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        _reading = ReadAsync();
    }

    /// <summary>Gets all calls that have ended, in the order in which they did.</summary>
    public IReadOnlyList<AddressCall> Calls
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>Starts to call, and waits until a call has ended.</summary>
    public static async Task<AddressClient> StartAsync(VirtualSite site)
    {
        AddressClient client = new(site);
        try
        {
            await client.NextAsync(static _ => true, TimeSpan.Zero);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for the first answer of a node to a call that began after an instant.</summary>
    public Task<AddressCall> AnswerAsync(VirtualNode node, TimeSpan after) => NextAsync(call => call.Node == node.Name, after);

    /// <summary>Waits for the first call of some kind that began after an instant.</summary>
    /// <exception cref="TimeoutException">There was none within a long time.</exception>
    public async Task<AddressCall> NextAsync(Func<AddressCall, bool> isIt, TimeSpan after)
    {
        TaskCompletionSource<AddressCall> found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool IsIt(AddressCall call) => call.Begun > after && isIt(call);
        lock (_gate)
        {
            if (_calls.Find(IsIt) is { } call)
            {
                return call;
            }

            _waiting.Add((IsIt, found));
        }

        try
        {
            return await found.Task.WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited {Limit.TotalSeconds} s for a call; the last were {string.Join(", ", Calls.TakeLast(3))}\n{_site.Told()}");
        }
        finally
        {
            lock (_gate)
            {
                _waiting.RemoveAll(one => one.Found == found);
            }
        }
    }

    /// <summary>Says what the client has seen of a change, from the fault on to an instant by which all is over; calls that were begun by then have as long to end as the client waits.</summary>
    public async Task<AddressReport> ReportAsync(TimeSpan from, TimeSpan to)
    {
        await NextAsync(static _ => true, to + CallLimit);
        return AddressReport.Of(_site, Calls, from, to);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _reading;
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split(' ') is not [var begun, var ended, var answer])
            {
                continue;
            }

            AddressCall call = answer.StartsWith('!') ? new(At(begun), At(ended), null, answer[1..]) : new(At(begun), At(ended), answer, null);
            lock (_gate)
            {
                _calls.Add(call);
                _waiting.FindAll(one => one.IsIt(call)).ForEach(one => one.Found.TrySetResult(call));
            }
        }
    }

    private static TimeSpan At(string ticks) => Stopwatch.GetElapsedTime(0, long.Parse(ticks, CultureInfo.InvariantCulture));
}
