using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Failover.Etcd.Watching;

/// <summary>Tells a group to look at its members each time that a key changes hands: Patroni's leader key. It says when to look, never who is primary.</summary>
/// <param name="settings">Gives the settings in force and the key; asked each time that etcd is connected to, and at each check.</param>
/// <param name="logger">Where to log.</param>
/// <param name="time">The clock.</param>
internal sealed class KeyWatch(Func<WatchSettings> settings, ILogger logger, TimeProvider time) : IHintSource
{
    public async IAsyncEnumerable<Hint> ReadHintsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var follower = new KeyFollower(settings, logger, time);
        while (true)
        {
            await follower.NextChangeAsync(cancellationToken).ConfigureAwait(false);
            yield return new Hint(HintKind.LookNow, "etcd");
        }
    }
}
