using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Failover.Keepalived.SplitBrain;

/// <summary>Carries out what a <see cref="Lookout"/> decides, on the wire of the interface where the address belongs. One loop owns the wire; what is heard comes from elsewhere and only wakes it.</summary>
internal sealed class ForeignHolders : IForeignHolders
{
    private static readonly TimeSpan OpenInterval = TimeSpan.FromSeconds(2);

    private readonly string _address;
    private readonly bool _hasArp;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WireOpening.Opener _open;
    private readonly long _start;
    private readonly ITimer _alarm;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly CancellationTokenSource _end = new();
    private readonly Task _loop;

    private readonly Lock _gate = new();
    private bool _isHeld;
    private Lookout _lookout;
    private IWire? _wire;
    private string _absent = "not begun";
    private TimeSpan? _openAt = TimeSpan.Zero;
    private int _openings;
    private string? _lost;
    private volatile Told _told;

    // Of the loop alone.
    private Told _raised;
    private string? _absentLogged;

    internal ForeignHolders(KeepalivedOptions options, TimeProvider time, ILogger logger)
        : this(options, time, logger, (heard, lost) => Wire.Open(options, heard, lost))
    {
    }

    internal ForeignHolders(KeepalivedOptions options, TimeProvider time, ILogger logger, WireOpening.Opener open)
    {
        (_address, _time, _logger, _open) = (options.Address, time, logger, open);
        _hasArp = !IPAddress.TryParse(_address, out IPAddress? address) || address.AddressFamily == AddressFamily.InterNetwork;
        _start = time.GetTimestamp();
        _raised = _told = Look();
        _alarm = time.CreateTimer(static holders => ((ForeignHolders)holders!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _loop = Task.Run(RunAsync);
    }

    public event Action? Changed;

    public IReadOnlyList<string> Detectors => _told.Detectors;

    public bool SeesAnother => _told.SeesAnother;

    public void Hold(bool isHeld)
    {
        lock (_gate)
        {
            _isHeld = isHeld;
            _lookout = _lookout.Hold(isHeld && _wire is not null, Now());
            _told = Look();
        }

        Wake();
    }

    public void AnnounceAfter(string rival)
    {
        lock (_gate)
        {
            _lookout = _lookout.Suspect(rival);
        }

        Wake();
    }

    /// <summary>Tells the network that the address is here.</summary>
    /// <returns>Whether it was told.</returns>
    internal bool Announce()
    {
        IWire? wire;
        lock (_gate)
        {
            // One that does not hold the address would draw its clients into nothing.
            wire = _isHeld ? _wire : null;
        }

        try
        {
            wire?.Announce();
            return wire is not null;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            Log.NotAnnounced(_logger, _address, exception.Message);
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        await _alarm.DisposeAsync().ConfigureAwait(false);
    }

    private TimeSpan Now() => _time.GetElapsedTime(_start);

    private void Wake() => _wake.Writer.TryWrite(true);

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                try
                {
                    await StepAsync().ConfigureAwait(false);
                }
                catch (Exception exception)
                {
                    Log.Failed(_logger, exception, _address);
                }

                SetAlarm();
                await _wake.Reader.ReadAsync(_end.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            await CloseAsync("ended", null).ConfigureAwait(false);
        }
    }

    private async Task StepAsync()
    {
        if (_lost is { } why)
        {
            await CloseAsync(why, Now() + OpenInterval).ConfigureAwait(false);
        }

        if (_openAt <= Now())
        {
            Open();
        }

        LookoutAct act;
        string? rival;
        lock (_gate)
        {
            rival = _lookout.Rival;
            (_lookout, act) = _lookout.At(Now());
            _told = Look();
        }

        if (act.HasFlag(LookoutAct.Probe))
        {
            Probe();
        }

        if (act.HasFlag(LookoutAct.TellGone))
        {
            Log.Gone(_logger, _address, rival!, Lookout.Rounds);
        }

        if (act.HasFlag(LookoutAct.Announce))
        {
            Announce();
        }

        Tell();
    }

    private void Open()
    {
        int number;
        lock (_gate)
        {
            number = ++_openings;
            _lost = null;
            _openAt = Now() + OpenInterval;
        }

        WireOpening opening = _open(Heard, why => Lose(number, why));
        lock (_gate)
        {
            _wire = opening.Wire;
            _absent = opening.Absent ?? "";
            _openAt = opening.MayCome ? _openAt : null;
            _lookout = _lookout.Hold(_isHeld && _wire is not null, Now());
        }

        if (opening.Wire is not null)
        {
            Log.Opened(_logger, _address, opening.Wire.Link);
        }
        else if (!opening.MayCome)
        {
            Log.Absent(_logger, _address, _absent);
        }
    }

    private async Task CloseAsync(string why, TimeSpan? openAt)
    {
        IWire? wire;
        lock (_gate)
        {
            (wire, _wire, _absent, _openAt, _lost, _lookout) = (_wire, null, why, openAt, null, default);
            _told = Look();
        }

        if (wire is not null)
        {
            await wire.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Heard(Sight sight)
    {
        lock (_gate)
        {
            Lookout next = _lookout.See(sight, Now());
            if (next == _lookout)
            {
                return;
            }

            _lookout = next;
            _told = Look();
        }

        Wake();
    }

    private void Lose(int opening, string why)
    {
        lock (_gate)
        {
            _lost = opening == _openings ? why : _lost;
        }

        Wake();
    }

    private void Probe()
    {
        try
        {
            _wire?.Probe();
        }
        catch (SocketException exception)
        {
            Lose(_openings, exception.Message);
        }
    }

    /// <summary>What is to be told, as things stand; under the gate.</summary>
    private Told Look()
    {
        string Of(string name, Evidence evidence, string does) =>
            $"{name}: {(_wire is null ? $"absent ({_absent})" : !_isHeld ? "not looking" : evidence.IsProof ? $"{evidence.Who} {does}" : "nobody else")}";

        string arp = _hasArp ? Of("arp", _lookout.Arp, "has the address too") : "arp: absent (IPv6)";
        string adverts = Of("adverts", _lookout.Adverts, "is master too");
        Told? last = _told;
        return last is { Detectors: [var lastArp, var lastAdverts] } && lastArp == arp && lastAdverts == adverts && last.SeesAnother == _lookout.SeesAnother
            ? last
            : new(_lookout.SeesAnother, [arp, adverts]);
    }

    private void Tell()
    {
        Told told = _told;
        if (ReferenceEquals(told, _raised))
        {
            return;
        }

        if (told.SeesAnother && !_raised.SeesAnother)
        {
            Log.Seen(_logger, _address, _wire?.Link ?? "", string.Join("; ", told.Detectors));
        }

        _raised = told;
        if (_wire is null && _absent != _absentLogged && _openAt is not null)
        {
            Log.Lost(_logger, _address, _absent);
        }

        _absentLogged = _wire is null ? _absent : null;
        Changed?.Invoke();
    }

    private void SetAlarm()
    {
        TimeSpan? due;
        lock (_gate)
        {
            due = _lookout.Wakes() ?? _openAt;
        }

        // Rounded up: a timer that comes a little too soon would be set again and again.
        _alarm.Change(
            due is { } at ? TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, (at - Now()).TotalMilliseconds))) : Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    private sealed record Told(bool SeesAnother, IReadOnlyList<string> Detectors);
}
