using System.Collections.Concurrent;
using System.Diagnostics;

namespace Failover.Scenarios.Attempts;

/// <summary>
/// What left a client under test, seen below it and above the network: what a server that is dead or frozen cannot tell. A hit is a request handed to the transport for a
/// server, whether it then goes over a pooled connection or needs a new one; connections are counted beside.
/// </summary>
internal sealed class AttemptLog
{
    private readonly ConcurrentQueue<Attempt> _attempts = [];
    private readonly ConcurrentQueue<(long At, int Port)> _connects = [];

    internal IEnumerable<Attempt> To(Uri server) => _attempts.Where(a => a.Port == server.Port);

    internal int Connects(Uri server, Func<long, bool> when) => _connects.Count(c => c.Port == server.Port && when(c.At));

    internal void Add(int port, bool isProbe) => _attempts.Enqueue(new(Stopwatch.GetTimestamp(), port, isProbe));

    internal void Connect(int port) => _connects.Enqueue((Stopwatch.GetTimestamp(), port));
}
