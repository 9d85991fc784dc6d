using System.Net;
using System.Net.NetworkInformation;
using System.Threading.Channels;
using Failover.Keepalived.SplitBrain;
using Failover.Keepalived.Sites;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Failover.Keepalived.Watching;

/// <summary>Hears keepalived, looks where the address is and what the peer claims, and says how this node stands. One loop takes all of it in, in order.</summary>
internal sealed class VrrpObserver : IAsyncDisposable
{
    private const int MostWaiting = 1024;

    /// <summary>How often the address is looked for, beside each time that an address of this machine changes.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly KeepalivedOptions _options;
    private readonly string _group;
    private readonly IPeerClaims _peers;
    private readonly IForeignHolders _foreign;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IPAddress _address;
    private readonly FifoReader _reader;
    private readonly Channel<FifoEvent?> _news = Channel.CreateBounded<FifoEvent?>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _end = new();
    private readonly long _born;
    private FoldState _state = new();
    private IDisposable? _claims;
    private ITimer? _timer;
    private Task _loop = Task.CompletedTask;
    private volatile VrrpView _view = new();

    internal VrrpObserver(KeepalivedOptions options, string group, IPeerClaims peers, IForeignHolders foreign, TimeProvider time, ILogger logger)
    {
        (_options, _group, _peers, _foreign, _time, _logger) = (options, group, peers, foreign, time, logger);
        _address = IPAddress.Parse(options.Address);
        _born = time.GetTimestamp();
        _reader = new(options.Fifo, Heard);
    }

    /// <summary>Raised when the view changes: in order, one at a time.</summary>
    internal event Action<VrrpView>? Changed;

    internal VrrpView View => _view;

    internal void Start()
    {
        _peers.AskEvery(_options.PeerInterval);
        _timer = _time.CreateTimer(static observer => ((VrrpObserver)observer!).Poke(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _claims = ChangeToken.OnChange(_peers.GetChangeToken, Poke);
        _foreign.Changed += Poke;
        NetworkChange.NetworkAddressChanged += AddressChanged;
        _loop = Task.Run(RunAsync);
        _reader.Start();
        Poke();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        NetworkChange.NetworkAddressChanged -= AddressChanged;
        _foreign.Changed -= Poke;
        _claims?.Dispose();
        if (_timer is not null)
        {
            await _timer.DisposeAsync().ConfigureAwait(false);
        }

        await Task.Run(_reader.Dispose).ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void AddressChanged(object? sender, EventArgs e) => Poke();

    /// <summary>Something may be otherwise.</summary>
    private void Poke() => _news.Writer.TryWrite(null);

    /// <summary>On the thread of the reader, which waits if the loop does not keep up: no line is dropped here.</summary>
    private void Heard(FifoEvent found)
    {
        while (!_news.Writer.TryWrite(found) && !_end.IsCancellationRequested)
        {
            Thread.Yield();
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await foreach (FifoEvent? found in _news.Reader.ReadAllAsync(_end.Token).ConfigureAwait(false))
            {
                TimeSpan now = _time.GetElapsedTime(_born);
                if (found is not null)
                {
                    _state = VrrpFold.Take(_state, found, _options.Instance, now);
                }

                // What stood in the pipe before is old: only its end counts.
                if (found is not (FifoEvent.Attached or FifoEvent.Said))
                {
                    Settle(now);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private void Settle(TimeSpan now)
    {
        VrrpView before = _view;
        bool hadClash = _state.FirstClash is not null;
        _state = VrrpFold.Take(_state, AddressWatch.Owns(_address), _peers.Find(_options.Peer, VrrpClaim.NameOf(_group)), _foreign.SeesAnother);
        _state = VrrpFold.Settle(_state, now);
        VrrpView view = _view = VrrpFold.View(_state, _options.Instance, now);
        bool isMaster = view.Role == VrrpRole.Master;
        if (isMaster != (before.Role == VrrpRole.Master))
        {
            _foreign.Hold(isMaster);
            _peers.LookNow();
        }

        bool isFirstClash = !hadClash && _state.FirstClash is not null;
        if (isFirstClash)
        {
            _ = LookAgainAsync();
        }

        TimeSpan wait = VrrpFold.NextLook(_state, now) is { } next && next - now < Look ? next - now : Look;
        _timer?.Change(wait + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        if (view != before)
        {
            Tell(before, view);
            Changed?.Invoke(view);
        }
    }

    private async Task LookAgainAsync()
    {
        await Task.Delay(VrrpFold.SecondLook, _time, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _peers.LookNow();
    }

    private void Tell(VrrpView before, VrrpView view)
    {
        if (view.Standing != before.Standing)
        {
            if (view.Standing is VrrpStanding.Master or VrrpStanding.Backup)
            {
                Log.Stands(_logger, _group, view.Standing);
            }
            else
            {
                Log.StandsBadly(_logger, _group, view.Standing);
            }
        }

        if (view.Problem is { } problem && problem != before.Problem)
        {
            Log.Problem(_logger, _group, problem);
        }
    }
}
