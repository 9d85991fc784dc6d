using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Threading.Channels;
using Npgsql;

namespace Failover.TestServers.Writes;

/// <summary>
/// Gives a client under test one new row each 10 ms to write, from 4 tasks, and notes what it says of each. When all tasks wait for the client, no row falls due: what it is given next it was not
/// given before. <see cref="Attempts"/> may be read at any time.
/// </summary>
public sealed class RowWriter : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly ConcurrentQueue<RowAttempt> _attempts = [];
    private readonly ConcurrentDictionary<long, long> _onTheirWay = [];
    private readonly CancellationTokenSource _noMore = new();
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Func<Exception, RowOutcome> _outcomeOf;
    private readonly Func<long, CancellationToken, Task<int?>> _write;
    private readonly Task _running;
    private long _last;

    private RowWriter(Func<long, CancellationToken, Task<int?>> write, Func<Exception, RowOutcome> outcomeOf, int tasks, long after)
    {
        _write = write;
        _outcomeOf = outcomeOf;
        _last = after;
        Channel<long> due = Channel.CreateBounded<long>(1);
        _running = Task.WhenAll([PaceAsync(due.Writer), .. Enumerable.Range(0, tasks).Select(_ => Task.Run(() => WriteAsync(due.Reader)))]);
    }

    /// <summary>Gets what was attempted so far and has ended, in the order of the ends.</summary>
    public IReadOnlyList<RowAttempt> Attempts => [.. _attempts];

    /// <summary>Starts to write.</summary>
    /// <param name="write">Writes the row of this number and returns the timeline that took it, as <see cref="WritesTable.InsertAsync"/> does; null if the client does not tell.</param>
    /// <param name="outcomeOf">Tells what an exception of the client says of the row; null for <see cref="OfPlainClient"/>.</param>
    /// <param name="tasks">How many rows are on their way at the same time at most.</param>
    /// <param name="after">The number before that of its first row: writers that share the table have numbers of their own.</param>
    public static RowWriter Start(Func<long, CancellationToken, Task<int?>> write, Func<Exception, RowOutcome>? outcomeOf = null, int tasks = 4, long after = 0) => new(write, outcomeOf ?? OfPlainClient, tasks, after);

    /// <summary>Starts to write through a client of any kind, which does not tell a timeline.</summary>
    /// <param name="write">Writes the row of this number.</param>
    /// <param name="outcomeOf">Tells what an exception of the client says of the row.</param>
    /// <param name="tasks">How many rows are on their way at the same time at most: a thousand, to let a row fall due each 10 ms although the client keeps others for 10 s.</param>
    public static RowWriter Start(Func<long, CancellationToken, Task> write, Func<Exception, RowOutcome> outcomeOf, int tasks)
    {
        return new(WithoutTimelineAsync, outcomeOf, tasks, after: 0);

        async Task<int?> WithoutTimelineAsync(long id, CancellationToken cancellationToken)
        {
            await write(id, cancellationToken);
            return null;
        }
    }

    /// <summary>What an exception of Npgsql itself says: an error that the server answered with is a failure for certain, unless it says that the session ends, and so is a host that is not there; of all others nobody knows.</summary>
    public static RowOutcome OfPlainClient(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown } => RowOutcome.Unknown,
        PostgresException or NpgsqlException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => RowOutcome.Failed,
        NpgsqlException when exception.Message.Contains("suitable host", StringComparison.Ordinal) => RowOutcome.Failed,
        _ => RowOutcome.Unknown,
    };

    /// <summary>Waits until an attempt ended as asked for.</summary>
    /// <exception cref="TimeoutException">None did within the limit.</exception>
    public async Task<RowAttempt> WaitAsync(Func<RowAttempt, bool> isSo, TimeSpan limit)
    {
        using CancellationTokenSource end = new(limit);
        using PeriodicTimer look = new(Pace);
        int seen = 0;
        while (true)
        {
            IReadOnlyList<RowAttempt> attempts = Attempts;
            if (attempts.Skip(seen).FirstOrDefault(isSo) is { } found)
            {
                return found;
            }

            seen = attempts.Count;
            try
            {
                await look.WaitForNextTickAsync(end.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"No such attempt within {limit.TotalSeconds} s; the last of {_attempts.Count} is {_attempts.LastOrDefault()}.");
            }
        }
    }

    /// <summary>Gives the client no more rows, and waits for those on their way. After the limit their tokens are cancelled, and a client that does not heed them within two seconds is left alone: unknown.</summary>
    public async Task<IReadOnlyList<RowAttempt>> StopAsync(TimeSpan limit)
    {
        await _noMore.CancelAsync();
        _giveUp.CancelAfter(limit);
        try
        {
            await _running.WaitAsync(limit + Grace);
        }
        catch (TimeoutException)
        {
            foreach (long id in _onTheirWay.Keys)
            {
                End(id, RowOutcome.Unknown, null, "(still on its way)");
            }
        }

        return Attempts;
    }

    /// <summary>Stops without waiting for rows on their way.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        _noMore.Dispose();
        _giveUp.Dispose();
    }

    private async Task PaceAsync(ChannelWriter<long> due)
    {
        using PeriodicTimer pace = new(Pace);
        try
        {
            while (await pace.WaitForNextTickAsync(_noMore.Token))
            {
                if (due.TryWrite(_last + 1))
                {
                    _last++;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }

        due.Complete();
    }

    private async Task WriteAsync(ChannelReader<long> due)
    {
        await foreach (long id in due.ReadAllAsync())
        {
            _onTheirWay[id] = Stopwatch.GetTimestamp();
            try
            {
                int? timeline = await _write(id, _giveUp.Token);
                End(id, RowOutcome.Acknowledged, timeline, null);
            }
            catch (Exception exception)
            {
                End(id, _outcomeOf(exception), null, NameOf(exception));
            }
        }
    }

    private void End(long id, RowOutcome outcome, int? timeline, string? error)
    {
        if (_onTheirWay.TryRemove(id, out long started))
        {
            _attempts.Enqueue(new(id, started, Stopwatch.GetTimestamp(), outcome, timeline, error));
        }
    }

    private static string NameOf(Exception exception)
    {
        string? state = null;
        for (Exception? each = exception; each is not null && state is null; each = each.InnerException)
        {
            state = (each as PostgresException)?.SqlState;
        }

        return state is null ? exception.GetType().Name : $"{exception.GetType().Name} {state}";
    }
}
