using System.Net;
using System.Runtime.CompilerServices;

namespace Failover.PostgreSql.Names;

/// <summary>
/// Asks again and again where the names of members lead, and tells when one leads to another machine: connections that are open know nothing of that. The system's resolver is asked, with its caches. One that fails or hangs changes nothing.
/// </summary>
/// <param name="group">Gives the group.</param>
/// <param name="resolve">Looks a name up.</param>
/// <param name="moved">Is told of a member whose name leads elsewhere, before the group is told to look at it.</param>
/// <param name="time">The clock.</param>
internal sealed class NameWatch(Func<FailoverGroup> group, Func<string, CancellationToken, Task<IPAddress[]>> resolve, Action<FailoverMember> moved, TimeProvider time) : IHintSource
{
    /// <summary>How often in the steady state.</summary>
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(1);

    /// <summary>How often while there is no primary that is proven.</summary>
    private static readonly TimeSpan Searching = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the answers of one round are waited for. What comes later counts in a later round; a name is not asked for twice at a time.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private readonly long _origin = time.GetTimestamp();
    private readonly Dictionary<FailoverMember, (NameTrail Trail, Task<IPAddress[]>? Asked)> _names = [];

    public async IAsyncEnumerable<Hint> ReadHintsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            GroupSnapshot snapshot = group().Snapshot;
            FailoverMember[] members = [.. snapshot.Members.Select(static member => member.Member).Where(static member => member.Address.HostNameType == UriHostNameType.Dns)];
            foreach (FailoverMember member in await LookAsync(members, cancellationToken).ConfigureAwait(false))
            {
                moved(member);
                yield return new Hint(HintKind.LookNow, "dns") { Member = member };
            }

            await Task.Delay(snapshot.Condition == GroupCondition.Settled ? Steady : Searching, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks for all names at once.</summary>
    /// <returns>The members whose names lead elsewhere.</returns>
    private async Task<List<FailoverMember>> LookAsync(FailoverMember[] members, CancellationToken cancellationToken)
    {
        foreach (FailoverMember gone in _names.Keys.Except(members).ToArray())
        {
            _names.Remove(gone);
        }

        foreach (FailoverMember member in members)
        {
            (NameTrail? trail, Task<IPAddress[]>? asked) = _names.GetValueOrDefault(member);
            _names[member] = (trail ?? new NameTrail(), asked ?? AskAsync(member.Address.IdnHost, cancellationToken));
        }

        Task all = Task.WhenAll(_names.Values.Select(static name => name.Asked!));
        await all.WaitAsync(Limit, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        List<FailoverMember> elsewhere = [];
        foreach (FailoverMember member in members)
        {
            (NameTrail trail, Task<IPAddress[]>? asked) = _names[member];
            if (asked is { IsCompletedSuccessfully: true })
            {
                if (trail.Take(asked.Result, time.GetElapsedTime(_origin)))
                {
                    elsewhere.Add(member);
                }

                _names[member] = (trail, null);
            }
        }

        return elsewhere;
    }

    /// <summary>A name that is not known, or a resolver that is away: no answer.</summary>
    private async Task<IPAddress[]> AskAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await resolve(host, cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever the system's resolver says: the last good answer is kept.
        catch (Exception)
#pragma warning restore CA1031
        {
            return [];
        }
    }
}
