using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using Failover.DnsSwitching.Following;

namespace Failover.DnsSwitching.Tests.Following;

/// <summary>A resolver that says what the test wants, and tells when it was asked.</summary>
internal sealed class FakeLookup : INameLookup
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Channel<string> _asked = Channel.CreateUnbounded<string>();

    internal Func<string[]> Answer { get; set; } = static () => [];

    internal Func<string[]>? System { get; set; }

    /// <summary>Lets the system's resolver wait.</summary>
    internal Task Hang { get; set; } = Task.CompletedTask;

    internal TimeSpan? TimeToLive { get; set; }

    /// <summary>Why no name server answers.</summary>
    internal string? Silence { get; set; }

    internal int Asked;

    /// <summary>Waits until it was asked once more.</summary>
    internal async Task AskedAsync() => await _asked.Reader.ReadAsync().AsTask().WaitAsync(Limit);

    public Task<NameAnswer> AskAsync(CancellationToken cancellationToken)
    {
        NameAnswer answer = Of(Answer()) with { Silence = Silence };
        Interlocked.Increment(ref Asked);
        _asked.Writer.TryWrite("");
        return Task.FromResult(answer);
    }

    public async Task<NameAnswer> AskSystemAsync(CancellationToken cancellationToken)
    {
        await Hang.WaitAsync(cancellationToken);
        return Of((System ?? Answer)());
    }

    private NameAnswer Of(string[] addresses) =>
        new(AddressSet.Of(addresses.Select(IPAddress.Parse)), addresses.Length == 0 ? null : TimeToLive, IsFromNameServer: System is not null, addresses.Length == 0 ? "gone" : null);
}

/// <summary>A mover that notes what it was told.</summary>
internal sealed class NotingMover(params string[] names) : INamePoolMover
{
    private readonly Channel<NameMove> _moves = Channel.CreateUnbounded<NameMove>();

    internal ConcurrentQueue<NameMove> Moves { get; } = [];

    internal Func<CancellationToken, Task> Then { get; set; } = static _ => Task.CompletedTask;

    /// <summary>How often it was asked for its names.</summary>
    internal int Asked;

    public IReadOnlyCollection<string> Names
    {
        get
        {
            Interlocked.Increment(ref Asked);
            return field;
        }

        set;
    } = names;

    public async ValueTask MoveAsync(NameMove move, CancellationToken cancellationToken)
    {
        Moves.Enqueue(move);
        _moves.Writer.TryWrite(move);
        await Then(cancellationToken);
    }

    internal Task<NameMove> MovedAsync() => _moves.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
}
