using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Failover.TestServers.Contending;

/// <summary>
/// What contenders act on: it writes down each act in the order in which they come in, into a file that shows who acted when, and refuses one under a token that is lower than the highest seen. In the process of the test, which nobody
/// freezes; reached by a socket that is a file, so that no network stands between.
/// </summary>
public sealed class ActedOn : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Lock _gate = new();
    private readonly List<Act> _acts = [];
    private readonly List<(Func<Act, bool> IsIt, TaskCompletionSource<Act> Found)> _waiting = [];
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _folder = Directory.CreateTempSubdirectory("failover-acts-").FullName;
    private readonly StreamWriter _log;
    private readonly long _born = Stopwatch.GetTimestamp();
    private readonly Task _accepting;
    private string? _lineage;
    private long _highest;

    /// <summary>Begins to take acts.</summary>
    public ActedOn()
    {
        _log = new(Path.Combine(_folder, "acts.log")) { AutoFlush = true };
        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen(64);
        _accepting = AcceptAsync();
    }

    /// <summary>Gets the path of the socket.</summary>
    public string SocketPath => Path.Combine(_folder, "acts.sock");

    /// <summary>Gets the path of the file that shows who acted when.</summary>
    public string LogPath => Path.Combine(_folder, "acts.log");

    /// <summary>Gets the present instant on the clock of the acts.</summary>
    public TimeSpan Now => Stopwatch.GetElapsedTime(_born);

    /// <summary>Gets all acts so far, in order.</summary>
    public IReadOnlyList<Act> Acts
    {
        get
        {
            lock (_gate)
            {
                return [.. _acts];
            }
        }
    }

    /// <summary>Gets the terms that acted, in the order of their first acts.</summary>
    public IReadOnlyList<IReadOnlyList<Act>> Terms
    {
        get
        {
            List<string> order = [];
            Dictionary<string, List<Act>> terms = [];
            foreach (Act act in Acts)
            {
                if (!terms.TryGetValue(act.Term, out List<Act>? acts))
                {
                    terms.Add(act.Term, acts = []);
                    order.Add(act.Term);
                }

                acts.Add(act);
            }

            return [.. order.Select(term => terms[term])];
        }
    }

    /// <summary>Gets for how long the longest two terms overlapped: an act of one came in after the first of a later one.</summary>
    public TimeSpan LongestOverlap
    {
        get
        {
            IReadOnlyList<IReadOnlyList<Act>> terms = Terms;
            TimeSpan longest = TimeSpan.Zero;
            for (int i = 0; i + 1 < terms.Count; i++)
            {
                TimeSpan overlap = terms[i][^1].At - terms[i + 1][0].At;
                longest = overlap > longest ? overlap : longest;
            }

            return longest;
        }
    }

    /// <summary>Lets a resource be told that the arbiter's data were lost, and tokens begin anew.</summary>
    public void Trust(string lineage)
    {
        lock (_gate)
        {
            (_lineage, _highest) = (lineage, 0);
        }
    }

    /// <summary>Waits until somebody else than a holder has acted, and returns its first act.</summary>
    public Task<Act> NextHolderAsync(string former, TimeSpan after) => NextHolderAsync(former, after, Patience);

    /// <summary>Waits until somebody else than a holder has acted, and returns its first act.</summary>
    /// <exception cref="TimeoutException">Nobody has within the limit.</exception>
    public Task<Act> NextHolderAsync(string former, TimeSpan after, TimeSpan limit) => NextAsync(act => act.Holder != former && act.At > after, limit, () => $"an act of another than {former}");

    /// <summary>Waits until a number of acts came in after an instant, by anybody, and returns those.</summary>
    /// <exception cref="TimeoutException">They have not within a long time.</exception>
    public async Task<IReadOnlyList<Act>> ActsAfterAsync(TimeSpan after, int count)
    {
        int found = 0;
        await NextAsync(act => act.At > after && ++found >= count, Patience, () => $"{count} acts after {after}");
        return [.. Acts.Where(act => act.At > after)];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        await _log.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Waits for an act, each of which is asked once, in order, under the lock: those that came in already, and those to come.</summary>
    private async Task<Act> NextAsync(Func<Act, bool> isIt, TimeSpan limit, Func<string> what)
    {
        TaskCompletionSource<Act> found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_acts.Find(isIt.Invoke) is { } act)
            {
                return act;
            }

            _waiting.Add((isIt, found));
        }

        try
        {
            return await found.Task.WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited {limit.TotalSeconds} s for {what()}; the acts are in {LogPath}");
        }
        finally
        {
            lock (_gate)
            {
                _waiting.RemoveAll(one => one.Found == found);
            }
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptAsync());
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket contender)
    {
        try
        {
            await using NetworkStream stream = new(contender, ownsSocket: true);
            using StreamReader reader = new(stream);
            await using StreamWriter writer = new(stream) { AutoFlush = true };
            while (await reader.ReadLineAsync() is { } line)
            {
                await writer.WriteLineAsync(Take(line) ? "applied" : "refused");
            }
        }
        catch (IOException)
        {
            // It was killed.
        }
    }

    private bool Take(string line)
    {
        string[] parts = line.Split('\t');
        (string holder, string term, string lineage, long token) = (parts[0], parts[1], parts[2], long.Parse(parts[3], CultureInfo.InvariantCulture));
        lock (_gate)
        {
            _lineage ??= lineage;
            bool applied = lineage == _lineage && token >= _highest;
            _highest = applied ? token : _highest;
            Act act = new(Now, holder, term, lineage, token, applied);
            _acts.Add(act);
            _waiting.FindAll(one => one.IsIt(act)).ForEach(one => one.Found.TrySetResult(act));
            try
            {
                _log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{act.At.TotalMilliseconds:F1} ms {holder} token {token} of {lineage} {(applied ? "applied" : "refused")}"));
            }
            catch (ObjectDisposedException)
            {
                // The test is over.
            }

            return applied;
        }
    }
}
