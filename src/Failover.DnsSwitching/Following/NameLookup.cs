using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Failover.DnsSwitching.Following;

/// <inheritdoc/>
/// <param name="name">The name.</param>
/// <param name="options">The settings in force.</param>
/// <param name="system">The system's resolver.</param>
/// <param name="time">The clock.</param>
internal sealed class NameLookup(string name, Func<DnsFollowerOptions> options, Func<string, CancellationToken, Task<IPAddress[]>> system, TimeProvider time) : INameLookup
{
    private const int MostAliases = 8;

    private readonly long _origin = time.GetTimestamp();

    /// <summary>What the system's resolver was asked and has not told yet, or told when nobody waited any more.</summary>
    private readonly ConcurrentDictionary<string, Question> _asked = [];
    private (DnsFollowerOptions Of, NameServerClient[] Servers)? _servers;

    /// <summary>Which of them answered last.</summary>
    private int _good;

    /// <summary>What the name servers said last.</summary>
    private NameAnswer? _told;

    /// <summary>Until when caches may hold what they said before that.</summary>
    private TimeSpan? _cachedUntil;

    public async Task<NameAnswer> AskAsync(CancellationToken cancellationToken)
    {
        NameServerClient[] servers = Servers();
        if (servers.Length == 0)
        {
            return await AskSystemAsync(cancellationToken).ConfigureAwait(false);
        }

        NameAnswer answer = await AskServersAsync(servers, cancellationToken).ConfigureAwait(false);
        TimeSpan now = time.GetElapsedTime(_origin);
        if (answer.Problem is null)
        {
            if (!answer.Addresses.Equals(_told?.Addresses))
            {
                _cachedUntil = now + (_told?.TimeToLive > answer.TimeToLive ? _told.TimeToLive : answer.TimeToLive);
            }

            return _told = answer;
        }

        if (_cachedUntil > now)
        {
            // It would move connections back.
            return answer;
        }

        NameAnswer told = await AskSystemAsync(cancellationToken).ConfigureAwait(false);
        return told with { Silence = answer.Silence, Problem = told.Problem is null ? null : $"{told.Problem}; {answer.Problem}" };
    }

    public Task<NameAnswer> AskSystemAsync(CancellationToken cancellationToken) => ResolveAsync(name, cancellationToken);

    /// <summary>Asks one after the other, the last good one first. Each has its share of the time that is left, so that those that are dead do not keep the others from being asked.</summary>
    private async Task<NameAnswer> AskServersAsync(NameServerClient[] servers, CancellationToken cancellationToken)
    {
        TimeSpan limit = options().Timeout / 2;
        long begun = time.GetTimestamp();
        string problem = "no name server answers";
        List<string> silent = [];
        for (int i = 0; i < servers.Length; i++)
        {
            int next = (_good + i) % servers.Length;
            NameServerClient server = servers[next];
            TimeSpan left = limit - time.GetElapsedTime(begun);
            using var share = new CancellationTokenSource(left > TimeSpan.Zero ? left / (servers.Length - i) : TimeSpan.Zero, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(share.Token, cancellationToken);
            try
            {
                NameAnswer answer = await AskServerAsync(server, either.Token).ConfigureAwait(false);
                if (answer.Problem is null)
                {
                    _good = next;
                    return answer;
                }

                problem = $"{server.Address}: {answer.Problem}";
                if (answer.Silence is not null)
                {
                    silent.Add(problem);
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                problem = $"{server.Address}: no answer in time";
                silent.Add(problem);
            }
        }

        return Nothing(problem) with { Silence = silent.Count == servers.Length ? string.Join("; ", silent.Order(StringComparer.Ordinal)) : null };
    }

    /// <summary>Follows aliases: to the end at this server, or to where it has no answer, and the system's resolver goes on.</summary>
    private async Task<NameAnswer> AskServerAsync(NameServerClient server, CancellationToken cancellationToken)
    {
        string asked = name;
        TimeSpan timeToLive = TimeSpan.MaxValue;
        for (int aliases = 0; aliases < MostAliases; aliases++)
        {
            NameServerAnswer answer = await server.AskAsync(asked, cancellationToken).ConfigureAwait(false);
            timeToLive = answer.TimeToLive < timeToLive ? answer.TimeToLive.Value : timeToLive;
            if (answer.Values is [{ Kind: DnsRecordKind.CName } alias])
            {
                asked = alias.Text;
            }
            else if (answer.InOrder is [_, ..] addresses)
            {
                return new(AddressSet.Of(addresses), timeToLive, IsFromNameServer: true, null);
            }
            else
            {
                return aliases == 0
                    ? Nothing(answer.Problem ?? "it has no addresses") with { Silence = answer.IsSilent ? answer.Problem : null }
                    : await ResolveAsync(asked, cancellationToken).ConfigureAwait(false) is { Problem: null } elsewhere ? elsewhere with { TimeToLive = timeToLive } : Nothing($"{asked}, its alias, has no addresses");
            }
        }

        return Nothing($"more than {MostAliases} aliases");
    }

    /// <summary>
    /// Asks the system's resolver; not twice at a time. Addresses that it finds after the limit, which its own patience may be as long as, count at the next look, and are not older than the rest before that; a late failure says nothing of now. One that never
    /// answers is asked anew in the end.
    /// </summary>
    private async Task<NameAnswer> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (_asked.TryGetValue(host, out Question? before) && IsOld(before))
        {
            _asked.TryRemove(KeyValuePair.Create(host, before));
        }

        Question question = _asked.GetOrAdd(host, Ask);
        try
        {
            (NameAnswer answer, _) = await question.Told.WaitAsync(options().Timeout, time, cancellationToken).ConfigureAwait(false);
            _asked.TryRemove(KeyValuePair.Create(host, question));
            return answer;
        }
        catch (TimeoutException)
        {
            return Nothing("the system's resolver gives no answer");
        }
    }

    private bool IsOld(Question question)
    {
        DnsFollowerOptions now = options();
        TimeSpan at = time.GetElapsedTime(_origin);
        if (!question.Told.IsCompletedSuccessfully)
        {
            return at - question.Asked > now.Timeout + now.MaxInterval;
        }

        (NameAnswer answer, TimeSpan told) = question.Told.Result;
        return answer.Problem is not null || at - told > Pace.Next(now, timeToLive: null, NameVerdict.Same, chance: 1);
    }

    private Question Ask(string host) => new(time.GetElapsedTime(_origin), TellAsync(host));

    private async Task<(NameAnswer Answer, TimeSpan At)> TellAsync(string host)
    {
        NameAnswer answer;
        try
        {
            // Nobody ends it: the resolver of some systems does not heed a token.
            AddressSet found = AddressSet.Of(await system(host, CancellationToken.None).ConfigureAwait(false));
            answer = found.Addresses.IsEmpty ? Nothing("it has no addresses") : new(found, null, IsFromNameServer: false, null);
        }
#pragma warning disable CA1031 // Whatever the system's resolver says: it is no answer.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            answer = Nothing(failure is SocketException socket ? $"the system's resolver says {socket.SocketErrorCode}" : "the system's resolver gives no answer");
        }

        return (answer, time.GetElapsedTime(_origin));
    }

    private static NameAnswer Nothing(string problem) => new(AddressSet.None, null, IsFromNameServer: false, problem);

    private NameServerClient[] Servers()
    {
        DnsFollowerOptions now = options();
        if (_servers is not { } known || !ReferenceEquals(known.Of, now))
        {
            _good = 0;
            _servers = known = (now, [.. now.NameServers.Select(static text => NameServerAddress.TryParse(text, out NameServerAddress? address) ? new NameServerClient(address) : null).OfType<NameServerClient>()]);
        }

        return known.Servers;
    }

    /// <summary>What the system's resolver was asked.</summary>
    /// <param name="Asked">When.</param>
    /// <param name="Told">What it said, and when.</param>
    private sealed record Question(TimeSpan Asked, Task<(NameAnswer Answer, TimeSpan At)> Told);
}
