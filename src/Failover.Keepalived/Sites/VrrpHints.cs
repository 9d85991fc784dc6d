using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Failover.Keepalived.Sites;

/// <summary>Has the group look whenever something has changed.</summary>
internal sealed class VrrpHints(SiteRun site) : IHintSource
{
    public async IAsyncEnumerable<Hint> ReadHintsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Channel<bool> news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Tell() => news.Writer.TryWrite(true);
        site.Changed += Tell;
        try
        {
            await foreach (bool _ in news.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return new(HintKind.LookNow, "keepalived");
            }
        }
        finally
        {
            site.Changed -= Tell;
        }
    }
}
