using System.Net.Sockets;
using Failover.Redis.Resp;

namespace Failover.Redis.Probing;

/// <summary>
/// The one connection that a node is probed over: kept open, and made anew when it was lost. One question at a time: who comes second waits, as long as his token allows.
/// </summary>
internal sealed class RedisNode(FailoverMember member, RespAccess access) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile RespConnection? _open;
    private volatile NodeAnswer? _last;
    private volatile ReplicaPlace? _place;
    private volatile bool _isDisposed;

    internal FailoverMember Member { get; } = member;

    /// <summary>Gets what it said of itself last, however long ago; null if it never did.</summary>
    internal NodeAnswer? Last => _last;

    /// <summary>Gets or sets where it was when it was last seen as a replica; null where it was not, or is a master. One probe at a time sets it.</summary>
    internal ReplicaPlace? Place
    {
        get => _place;
        set => _place = value;
    }

    /// <summary>Asks the node what it is, in one round trip. <c>PING</c> tells what <c>INFO</c> does not: whether commands are served at all.</summary>
    /// <returns>Its answer, or why it gives none; neither where what came back is not an answer of Redis.</returns>
    /// <exception cref="OperationCanceledException">No answer came before the token was cancelled.</exception>
    /// <exception cref="Exception">The node cannot be reached: <see cref="RespFaults.IsFault"/>.</exception>
    internal ValueTask<(NodeAnswer? Answer, Refusal? Refused)> AskAsync(CancellationToken cancellationToken) => AskAsync(
        async connection =>
        {
            await connection.SendAsync(cancellationToken, "PING").ConfigureAwait(false);
            await connection.SendAsync(cancellationToken, "INFO", "replication").ConfigureAwait(false);
            RespValue ping = await connection.ReadAsync(cancellationToken).ConfigureAwait(false);
            RespValue info = await connection.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (info.Kind == RespKind.Error)
            {
                Refusal refused = Refusals.Of(info.Text!);
                if (refused is Refusal.Credentials or Refusal.Rights)
                {
                    // Others may be given next time.
                    await DropAsync().ConfigureAwait(false);
                }

                return ((NodeAnswer?)null, (Refusal?)refused);
            }

            bool isPong = ping is { Kind: RespKind.Text, Text: "PONG" };
            if ((!isPong && ping.Kind != RespKind.Error) || NodeAnswer.Read(info.Text) is not { } answer)
            {
                return (null, null);
            }

            _last = answer = answer with { Refuses = isPong ? null : Refusals.Of(ping.Text!) };
            return (answer, null);
        },
        cancellationToken);

    /// <summary>Asks the node whether it is a master.</summary>
    /// <exception cref="OperationCanceledException">No answer came before the token was cancelled.</exception>
    /// <exception cref="Exception">The node cannot be reached, or refuses: <see cref="RespFaults.IsFault"/>.</exception>
    internal async ValueTask<bool> SaysMasterAsync(CancellationToken cancellationToken)
    {
        RespValue role = await AskAsync(connection => connection.AskAsync(cancellationToken, "ROLE"), cancellationToken).ConfigureAwait(false);
        return role is { Kind: RespKind.Array, Items: [{ Kind: RespKind.Text, Text: "master" }, ..] };
    }

    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        return DropAsync();
    }

    private async ValueTask<T> AskAsync<T>(Func<RespConnection, ValueTask<T>> ask, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (true)
            {
                bool wasKept = _open is not null;
                try
                {
                    return await ask(_open ?? await ConnectAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
                }
                catch (Exception fault) when (wasKept && fault is (IOException or SocketException))
                {
                    // It was closed some time since the last question: by a restart, or by the CLIENT KILL of a promotion. That says nothing of the node as it is now.
                    await DropAsync().ConfigureAwait(false);
                }
                catch (Exception fault) when (fault is not RespErrorException)
                {
                    await DropAsync().ConfigureAwait(false);
                    throw;
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask<RespConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        RespConnection open = await RespConnection.ConnectAsync(Member.Address.IdnHost, Member.Address.Port, access, cancellationToken).ConfigureAwait(false);
        _open = open;
        if (_isDisposed)
        {
            // It was left meanwhile.
            await DropAsync().ConfigureAwait(false);
        }

        return open;
    }

    private ValueTask DropAsync() => Interlocked.Exchange(ref _open, null) is { } open ? open.DisposeAsync() : ValueTask.CompletedTask;
}
