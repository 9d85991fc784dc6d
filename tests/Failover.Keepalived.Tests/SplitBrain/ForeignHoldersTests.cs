using System.Collections.Concurrent;
using System.Threading.Channels;
using Failover.Keepalived.SplitBrain;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Failover.Keepalived.Tests.SplitBrain;

public sealed class ForeignHoldersTests : IAsyncLifetime
{
    private static readonly Sight Answer = new(IsAdvert: false, "02:00:00:00:00:0b", TimeSpan.Zero);
    private static readonly TimeSpan HalfSecond = TimeSpan.FromMilliseconds(500);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogCollector _logs = new();
    private readonly ConcurrentQueue<WireOpening> _openings = [];
    private readonly Channel<FakeWire> _opened = Channel.CreateUnbounded<FakeWire>();
    private readonly Channel<IReadOnlyList<string>> _told = Channel.CreateUnbounded<IReadOnlyList<string>>();
    private ForeignHolders _holders = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _holders.DisposeAsync();

    [Fact]
    public async Task It_says_what_can_see_another_holder_and_looks_only_while_the_address_is_here()
    {
        FakeWire wire = await StartAsync();
        await ToldAsync("arp: not looking", "adverts: not looking");
        _time.Advance(TimeSpan.FromMinutes(1));
        _holders.Hold(true);
        Assert.Equal("probe", await wire.SentAsync());
        await ToldAsync("arp: nobody else", "adverts: nobody else");
        Assert.False(wire.HasSent);
        _time.Advance(HalfSecond);
        Assert.Equal("probe", await wire.SentAsync());

        _holders.Hold(false);
        await ToldAsync("arp: not looking", "adverts: not looking");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(wire.HasSent);
    }

    [Fact]
    public async Task Another_holder_is_told_and_logged_once_and_announced_against_after_it_has_gone()
    {
        FakeWire wire = await StartAsync();
        _holders.Hold(true);
        await wire.SentAsync();
        await ToldAsync("arp: nobody else", "adverts: nobody else");

        wire.Hear(Answer);
        Assert.False(_holders.SeesAnother);
        _time.Advance(HalfSecond);
        await wire.SentAsync();
        wire.Hear(Answer);
        wire.Hear(Answer);
        Assert.True(_holders.SeesAnother);
        await ToldAsync("arp: 02:00:00:00:00:0b has the address too", "adverts: nobody else");

        List<string> sent = [];
        while (sent.Count(static what => what == "announce") < 3)
        {
            _time.Advance(HalfSecond);
            sent.Add(await wire.SentAsync());
        }

        // Probes go on each half second; the first announcement comes a second and a half after the last sight.
        Assert.Equal(["probe", "probe", "probe", "announce"], sent.Take(4));
        Assert.False(_holders.SeesAnother);
        await ToldAsync("arp: nobody else", "adverts: nobody else");
        Assert.Equal([11020, 11022, 11023], _logs.GetSnapshot().Select(static log => log.Id.Id));
    }

    [Fact]
    public async Task When_the_address_leaves_nothing_that_was_seen_counts()
    {
        FakeWire wire = await StartAsync();
        _holders.Hold(true);
        await wire.SentAsync();
        wire.Hear(Answer);
        _time.Advance(HalfSecond);
        wire.Hear(Answer);
        Assert.True(_holders.SeesAnother);

        _holders.Hold(false);
        Assert.False(_holders.SeesAnother);
        _holders.Hold(true);
        wire.Hear(Answer);
        Assert.False(_holders.SeesAnother);
    }

    [Fact]
    public async Task The_address_is_announced_only_by_the_one_that_holds_it()
    {
        FakeWire wire = await StartAsync();
        Assert.False(_holders.Announce());
        Assert.False(wire.HasSent);

        _holders.Hold(true);
        Assert.Equal("probe", await wire.SentAsync());
        Assert.True(_holders.Announce());
        Assert.Equal("announce", await wire.SentAsync());

        wire.IsBroken = true;
        Assert.False(_holders.Announce());
        Assert.Equal(11024, _logs.LatestRecord.Id.Id);
    }

    [Fact]
    public async Task Without_the_right_it_is_absent_says_so_once_and_is_not_tried_again()
    {
        _openings.Enqueue(WireOpening.Never("needs CAP_NET_RAW"));
        Start();
        await ToldAsync("arp: absent (needs CAP_NET_RAW)", "adverts: absent (needs CAP_NET_RAW)");
        _holders.Hold(true);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.False(_holders.SeesAnother);
        Assert.False(_holders.Announce());
        Assert.False(_opened.Reader.TryRead(out _));
        Assert.Equal([11021], _logs.GetSnapshot().Select(static log => log.Id.Id));
    }

    [Fact]
    public async Task An_interface_that_is_away_is_told_once_and_looked_for_again_each_two_seconds()
    {
        _openings.Enqueue(WireOpening.Later("eth0 is not there"));
        _openings.Enqueue(WireOpening.Later("eth0 is not there"));
        Start();
        await ToldAsync("arp: absent (eth0 is not there)", "adverts: absent (eth0 is not there)");
        FakeWire wire = await OpenedAsync();
        await ToldAsync("arp: not looking", "adverts: not looking");
        Assert.Equal([11025, 11020], _logs.GetSnapshot().Select(static log => log.Id.Id));

        _holders.Hold(true);
        await wire.SentAsync();
        wire.Lose("eth0 is down");
        await wire.Disposed;
        await ToldAsync("arp: absent (eth0 is down)", "adverts: absent (eth0 is down)");
        FakeWire next = await OpenedAsync();
        Assert.Equal("probe", await next.SentAsync());

        // A wire that was lost long ago cannot take the next one along.
        wire.Lose("late");
        await ToldAsync("arp: nobody else", "adverts: nobody else");
    }

    [Fact]
    public async Task A_probe_that_cannot_be_sent_is_the_end_of_the_wire_and_another_is_opened()
    {
        FakeWire wire = await StartAsync();
        wire.IsBroken = true;
        _holders.Hold(true);
        await wire.Disposed;
        Assert.Equal("probe", await (await OpenedAsync()).SentAsync());
    }

    [Fact]
    public async Task One_who_listens_and_fails_stops_nothing()
    {
        FakeWire wire = await StartAsync();
        _holders.Changed += static () => throw new InvalidOperationException("Not now.");
        _holders.Hold(true);
        Assert.Equal("probe", await wire.SentAsync());
        _time.Advance(HalfSecond);
        Assert.Equal("probe", await wire.SentAsync());
        Assert.Contains(_logs.GetSnapshot(), static log => log.Id.Id == 11026);
    }

    [Fact]
    public async Task It_closes_the_wire_at_its_end_and_can_be_ended_twice()
    {
        FakeWire wire = await StartAsync();
        await _holders.DisposeAsync();
        await wire.Disposed;
        _holders.Hold(true);
        Assert.False(_holders.Announce());
    }

    [Fact]
    public async Task Over_IPv6_there_is_no_ARP_and_it_says_so()
    {
        await StartAsync("fd77::64");
        await ToldAsync("arp: absent (IPv6)", "adverts: not looking");
    }

    private void Start(string address = "10.77.0.100")
    {
        _holders = new ForeignHolders(new() { Address = address }, _time, new FakeLogger(_logs), (heard, lost) =>
        {
            if (_openings.TryDequeue(out WireOpening opening))
            {
                return opening;
            }

            FakeWire wire = new(heard, lost);
            _opened.Writer.TryWrite(wire);
            return WireOpening.Of(wire);
        });
        _holders.Changed += () => _told.Writer.TryWrite(_holders.Detectors);
    }

    private async Task<FakeWire> StartAsync(string address = "10.77.0.100")
    {
        Start(address);
        return await _opened.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>The wire that is opened next, as time goes on.</summary>
    private async Task<FakeWire> OpenedAsync()
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(5));
        FakeWire? wire;
        while (!_opened.Reader.TryRead(out wire))
        {
            _time.Advance(HalfSecond);
            await pace.WaitForNextTickAsync(limit.Token);
        }

        return wire;
    }

    /// <summary>Waits until this is what is told.</summary>
    private async Task ToldAsync(params string[] detectors)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        while (!_holders.Detectors.SequenceEqual(detectors))
        {
            await _told.Reader.ReadAsync(limit.Token);
        }
    }
}
