using Microsoft.Extensions.Logging;

namespace Failover.DnsSwitching.Switching;

/// <summary>Knows when clients can see a move: once every name server that was named answers it. Without any, once the provider shows it.</summary>
internal sealed class Visibility(string name, IDnsProvider provider, Func<DnsSwitchOptions> options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits until all answer the values. Returns false at the end of the time, when it is logged who does not; and when the next move overtakes it.</summary>
    internal async Task<bool> WaitAsync(DnsValues values, CancellationToken cancellationToken)
    {
        long begun = time.GetTimestamp();
        Looker[] lookers = [.. LookersOf(values)];
        using CancellationTokenSource limit = new(options().VisibleWithin, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await Task.WhenAll(lookers.Select(looker => WaitAsync(looker, either.Token))).ConfigureAwait(false);
        if (cancellationToken.IsCancellationRequested)
        {
            return false;
        }

        string[] late = [.. lookers.Where(static looker => looker.Seen is null).Select(static looker => $"{looker.Where} ({looker.Word})")];
        if (late.Length > 0)
        {
            Log.PartlyVisible(logger, name, values, string.Join(", ", late), time.GetElapsedTime(begun).TotalSeconds);
            return false;
        }

        Log.Visible(logger, name, values, string.Join(", ", lookers.Select(looker => FormattableString.Invariant($"{looker.Where} {time.GetElapsedTime(begun, looker.Seen!.Value).TotalSeconds:0.000} s"))));
        return true;
    }

    private IEnumerable<Looker> LookersOf(DnsValues values)
    {
        if (options().NameServers is { Count: > 0 } servers)
        {
            return servers.Select(server => NameServerAddress.TryParse(server, out NameServerAddress? address) ? new NameServerClient(address) : throw new InvalidOperationException("Checked at start."))
                .Select(server => new Looker($"{server.Address}", async cancellationToken =>
                {
                    (DnsValues? held, _, string? problem) = await server.AskAsync(name, cancellationToken).ConfigureAwait(false);
                    return (values.Equals(held), problem ?? $"it answers {held}");
                }));
        }

        return [new Looker(provider.Where, async cancellationToken => await provider.ReadAsync(name, cancellationToken).ConfigureAwait(false) switch
        {
            DnsRead.Found found => (values.Equals(found.State.Values), $"it holds {found.State.Values}"),
            DnsRead.Denied denied => (false, denied.Reason),
            DnsRead.Failed failed => (false, failed.Reason),
            _ => throw new InvalidOperationException("Not an outcome of a read."),
        })];
    }

    private async Task WaitAsync(Looker looker, CancellationToken cancellationToken)
    {
        TimeSpan pause = First;
        try
        {
            while (!await looker.LooksAsync(time, cancellationToken).ConfigureAwait(false))
            {
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
                pause = pause * 2 < Longest ? pause * 2 : Longest;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It is told as one that does not answer.
        }
    }

    private sealed class Looker(string where, Func<CancellationToken, Task<(bool IsThere, string Word)>> look)
    {
        internal string Where => where;

        internal string Word { get; private set; } = "not asked";

        internal long? Seen { get; private set; }

        internal async Task<bool> LooksAsync(TimeProvider time, CancellationToken cancellationToken)
        {
            (bool isThere, Word) = await look(cancellationToken).ConfigureAwait(false);
            if (isThere)
            {
                Seen = time.GetTimestamp();
            }

            return isThere;
        }
    }
}
