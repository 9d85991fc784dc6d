using System.Data;
using System.Net.Sockets;
using Failover.PostgreSql.Cutting;
using Failover.PostgreSql.Nodes;
using Npgsql;

namespace Failover.PostgreSql.Opening;

/// <summary>Opens connections to the primary: at once where there is one, else when there is, within the limit. Safe for any thread.</summary>
internal sealed class Opener(FailoverGroup group, Router router, TimeProvider time, Func<OpenLimits> limits)
{
    /// <summary>A node that fails is asked what it is at once; callers try again after this.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>How long one standby may take before another node is asked.</summary>
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(1);

    internal ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        Route route = router.Current();
        if (route.Primary is not { } primary || !router.Gate.IsFree)
        {
            return new(WaitAsync(null, cancellationToken));
        }

        ValueTask<NpgsqlConnection> open = primary.Source.OpenConnectionAsync(cancellationToken);
        return open.IsCompletedSuccessfully && !primary.Connections.IsCondemned ? open : new(FinishAsync(primary, open, cancellationToken));
    }

    /// <summary>Opens a connection that its owner keeps, if it leads to the primary; another one if it does not, or if that fails. One that is left behind while it is being opened is disposed of when that ends.</summary>
    internal ValueTask<NpgsqlConnection> OpenAsync(NpgsqlConnection kept, CancellationToken cancellationToken)
    {
        if (router.Current().Primary is not { } primary || !router.Gate.IsFree || kept.State != ConnectionState.Closed || kept.ConnectionString != primary.Source.ConnectionString)
        {
            return OpenAsync(cancellationToken);
        }

        ValueTask<NpgsqlConnection> open = OpenKeptAsync(kept, cancellationToken);
        return open.IsCompletedSuccessfully && !primary.Connections.IsCondemned ? open : new(FinishAsync(primary, open, cancellationToken));
    }

    /// <summary>Opens one for a caller that waits on its own thread.</summary>
    internal NpgsqlConnection Open() => Wait(OpenAsync(CancellationToken.None));

    internal static NpgsqlConnection Wait(ValueTask<NpgsqlConnection> opened) => opened.IsCompleted ? opened.GetAwaiter().GetResult() : opened.AsTask().GetAwaiter().GetResult();

    /// <summary>Returns what a caller is told whose own time was up before there was a primary; null if there is one.</summary>
    internal PrimaryUnavailableException? NoPrimary(TimeSpan? waited, Exception last) => router.Current().Primary is null ? Unavailable.Because(group.Snapshot, waited, last) : null;

    /// <summary>Opens a connection to a node that others can stand in for; null if it is at fault.</summary>
    internal async ValueTask<NpgsqlConnection?> TryOpenAsync(Node node, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(ReadLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return (await TryAsync(node, node.Source.OpenConnectionAsync(either.Token), isPrimary: false, either.Token, cancellationToken).ConfigureAwait(false)).Connection;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async ValueTask<NpgsqlConnection> OpenKeptAsync(NpgsqlConnection kept, CancellationToken cancellationToken)
    {
        await kept.OpenAsync(cancellationToken).ConfigureAwait(false);
        return kept;
    }

    private async Task<NpgsqlConnection> FinishAsync(Node node, ValueTask<NpgsqlConnection> open, CancellationToken cancellationToken)
    {
        // There is a primary: how long it may take to connect to it is Npgsql's Timeout.
        (NpgsqlConnection? connection, Exception? failure) = await TryAsync(node, open, isPrimary: true, cancellationToken, cancellationToken).ConfigureAwait(false);
        return connection ?? await WaitAsync(failure, cancellationToken).ConfigureAwait(false);
    }

    private async Task<NpgsqlConnection> WaitAsync(Exception? last, CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        using CancellationTokenSource limit = new(limits().MaxWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return await WaitAsync(began, last, either.Token, cancellationToken).ConfigureAwait(false);
    }

    private async Task<NpgsqlConnection> WaitAsync(long began, Exception? last, CancellationToken limit, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                if (limits().FailFast && router.Current().Primary is null)
                {
                    throw Unavailable.Because(group.Snapshot, null, last);
                }

                if (last is not null)
                {
                    await Task.Delay(Pause, time, limit).ConfigureAwait(false);
                }

                Refuse(began, last);
                await router.Gate.EnterAsync(limit).ConfigureAwait(false);
                try
                {
                    if (router.Current().Primary is not { } primary)
                    {
                        Refuse(began, last);
                        continue;
                    }

                    (NpgsqlConnection? connection, last) = await TryAsync(primary, primary.Source.OpenConnectionAsync(limit), isPrimary: true, limit, cancellationToken).ConfigureAwait(false);
                    if (connection is not null)
                    {
                        return connection;
                    }
                }
                finally
                {
                    router.Gate.Exit();
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unavailable.Because(group.Snapshot, time.GetElapsedTime(began), last);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private void Refuse(long began, Exception? last)
    {
        if (router.Current() is { MayCome: false })
        {
            throw Unavailable.Because(group.Snapshot, time.GetElapsedTime(began), last);
        }
    }

    /// <summary>Waits for a connection that is being opened, but not longer than its node is the primary: Npgsql would wait for one that is frozen.</summary>
    /// <returns>The connection, or why there is none: a fault of the node.</returns>
    private async ValueTask<(NpgsqlConnection? Connection, Exception? Failure)> TryAsync(Node node, ValueTask<NpgsqlConnection> open, bool isPrimary, CancellationToken limit, CancellationToken cancellationToken)
    {
        Task<NpgsqlConnection> opening = open.AsTask();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit, node.Left);
        try
        {
            NpgsqlConnection connection = await opening.WaitAsync(either.Token).ConfigureAwait(false);
            if (!node.Connections.IsCondemned && (!isPrimary || ReferenceEquals(router.Current().Primary ?? node, node)))
            {
                return (connection, null);
            }

            await connection.DisposeAsync().ConfigureAwait(false);
            return (null, null);
        }
        catch (OperationCanceledException)
        {
            _ = EndAsync(opening);
            cancellationToken.ThrowIfCancellationRequested();
            limit.ThrowIfCancellationRequested();

            // What the app runs when a connection is made may have given up by itself: then not again at once, and again.
            return (null, either.IsCancellationRequested ? null : new TaskCanceledException(opening));
        }
        catch (Exception exception) when (IsOfTheNode(exception))
        {
            group.Hint(new Hint(HintKind.LookNow, "calls") { Member = node.Member });
            return (null, exception);
        }
    }

    /// <summary>Whether another node, or this one a little later, may do better. A wrong password or a pool that is used up is not cured by waiting for a failover.</summary>
    private static bool IsOfTheNode(Exception exception) => exception switch
    {
        PostgresException refused => SqlStates.IsOfTheNode(refused.SqlState),
        NpgsqlException { InnerException: TimeoutException } npgsql => !npgsql.Message.Contains("pool has been exhausted", StringComparison.Ordinal),
        NpgsqlException { InnerException: SocketException or IOException } => true,
        NpgsqlException { InnerException: null } => true,
        NodeLeftException or SocketException or TimeoutException or IOException => true,
        _ => false,
    };

    private static async Task EndAsync(Task<NpgsqlConnection> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        if (opening.IsCompletedSuccessfully)
        {
            await opening.Result.DisposeAsync().ConfigureAwait(false);
        }
    }
}

/// <summary>How long callers wait for a primary.</summary>
internal readonly record struct OpenLimits(TimeSpan MaxWait, bool FailFast);
