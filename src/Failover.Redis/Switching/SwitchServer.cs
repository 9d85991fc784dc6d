using Failover.Redis.Resp;
using Failover.Redis.Sets;

namespace Failover.Redis.Switching;

/// <summary>
/// A server that a planned switch has to do with: a node, or a sentinel. It is asked over a connection that is made when it is needed, and made anew when it was lost: sentinels end those to a node that they promote. Each question has a time of its own, so that a server that
/// is frozen holds up nothing but that. One question at a time.
/// </summary>
internal sealed class SwitchServer(HostAndPort address, RespAccess access, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private RespConnection? _open;

    internal HostAndPort Address => address;

    /// <summary>Asks, and asks again over a new connection if the one that was there is lost: for what may be asked twice.</summary>
    /// <exception cref="SwitchRefusedException">The answer is an error, or there is none.</exception>
    internal async Task<RespValue> AskAsync(CancellationToken cancellationToken, params string[] command)
    {
        bool wasKept = _open is { IsBroken: false };
        try
        {
            return await AskOnceAsync(cancellationToken, command).ConfigureAwait(false);
        }
        catch (SwitchRefusedException refused) when (wasKept && refused.Kind is null)
        {
            return await AskOnceAsync(cancellationToken, command).ConfigureAwait(false);
        }
    }

    /// <summary>Asks once.</summary>
    /// <exception cref="SwitchRefusedException">The answer is an error, or there is none: then it may have been done all the same.</exception>
    internal async Task<RespValue> AskOnceAsync(CancellationToken cancellationToken, params string[] command)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using CancellationTokenSource own = new(Limit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(own.Token, cancellationToken);
        try
        {
            if (_open is not { IsBroken: false })
            {
                await DropAsync().ConfigureAwait(false);
                _open = await RespConnection.ConnectAsync(address.Host, address.Port, access, limit.Token).ConfigureAwait(false);
            }

            return await _open.AskAsync(limit.Token, command).ConfigureAwait(false);
        }
        catch (RespErrorException refused)
        {
            throw new SwitchRefusedException($"{address} answers to {command[0]}: {refused.Message}") { Kind = refused.Kind };
        }
        catch (Exception fault) when (RespFaults.IsFault(fault) && !cancellationToken.IsCancellationRequested)
        {
            await DropAsync().ConfigureAwait(false);
            throw new SwitchRefusedException($"{address} cannot be asked: {RespFaults.EvidenceOf(fault)}");
        }
    }

    /// <summary>Asks until there is an answer: a new master needs a moment until it takes writes.</summary>
    /// <returns>Null if the token was cancelled, or the user has no right to it.</returns>
    internal async Task<RespValue?> InsistAsync(CancellationToken cancellationToken, params string[] command)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                return await AskAsync(cancellationToken, command).ConfigureAwait(false);
            }
            catch (SwitchRefusedException refused) when (refused.Kind == "NOPERM")
            {
                return null;
            }
            catch (Exception exception) when (exception is SwitchRefusedException or OperationCanceledException)
            {
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        return null;
    }

    /// <summary>Asks for what is good to have.</summary>
    /// <returns>Whether it was done; false too if the token was cancelled.</returns>
    internal async Task<bool> TryAsync(CancellationToken cancellationToken, params string[] command)
    {
        try
        {
            await AskAsync(cancellationToken, command).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is SwitchRefusedException or OperationCanceledException)
        {
            return false;
        }
    }

    public ValueTask DisposeAsync() => DropAsync();

    private ValueTask DropAsync() => Interlocked.Exchange(ref _open, null) is { } open ? open.DisposeAsync() : ValueTask.CompletedTask;
}
