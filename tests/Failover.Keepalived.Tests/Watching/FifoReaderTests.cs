using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using Failover.Keepalived.Watching;

namespace Failover.Keepalived.Tests.Watching;

/// <summary>What the reader makes of a real FIFO, whatever becomes of it.</summary>
public sealed class FifoReaderTests : IAsyncLifetime
{
    private readonly FakeKeepalived _keepalived = new();
    private readonly ConcurrentQueue<VrrpEvent> _seen = new();
    private readonly FifoReader _reader;
    private int _garbage;

    public FifoReaderTests() => _reader = new(_keepalived.Path, _seen.Enqueue, () => Interlocked.Increment(ref _garbage));

    [LinuxFact]
    public async Task A_fifo_that_is_missing_is_told_and_read_once_it_is_made()
    {
        _reader.Start();
        await SeenAsync(static seen => seen is [Unreadable { IsMissing: true }]);
        Assert.Contains("and so is its directory", Assert.IsType<Unreadable>(Seen[0]).Why, StringComparison.Ordinal);

        _keepalived.Start().Write("BACKUP 50", "MASTER 250");

        await SeenAsync(static seen => WordsOf(seen) is [VrrpWord.Backup, VrrpWord.Master]);
        Assert.Single(Seen.OfType<Attached>());
        Assert.DoesNotContain(Seen.OfType<Told>(), static told => told.AreOld);
    }

    [LinuxFact]
    public async Task Lines_that_had_waited_come_together_as_old_ones_and_later_ones_one_by_one()
    {
        _keepalived.Start().Write("BACKUP 50", "MASTER 50", "MASTER_PRIORITY 250");
        _reader.Start();
        await SeenAsync(static seen => seen is [Attached, Told { AreOld: true, Lines.Length: 3 }]);

        _keepalived.Write("FAULT 250", "BACKUP 50");

        await SeenAsync(static seen => seen is [Attached, Told, Told { AreOld: false, Lines: [{ Word: VrrpWord.Fault }] }, Told { AreOld: false, Lines: [{ Word: VrrpWord.Backup }] }]);
    }

    [LinuxFact]
    public async Task A_keepalived_that_says_nothing_is_seen_to_have_the_fifo_open_and_one_that_is_gone_not_to()
    {
        _keepalived.Start();
        _reader.Start();
        await SeenAsync(static seen => seen is [Attached]);

        _keepalived.Leave();
        await SeenAsync(static seen => seen is [Attached, Detached]);

        // It starts again, and opens the FIFO that was left.
        _keepalived.Start();
        await SeenAsync(static seen => seen is [Attached, Detached, Attached]);
        _keepalived.Write("BACKUP 50");
        await SeenAsync(static seen => seen is [.., Told { AreOld: false }]);
    }

    [LinuxFact]
    public async Task A_fifo_that_nobody_has_open_is_told_once_and_read_once_somebody_has()
    {
        _keepalived.Start().Leave();
        _reader.Start();
        await SeenAsync(static seen => seen is [Detached]);

        _keepalived.Start().Write("BACKUP 50");

        await SeenAsync(static seen => seen is [Detached, Attached, Told { AreOld: false }]);
    }

    [LinuxFact]
    public async Task A_fifo_that_is_removed_and_made_anew_at_each_reload_is_followed_and_no_line_is_lost()
    {
        _keepalived.Start();
        _reader.Start();
        await SeenAsync(static seen => seen is [Attached]);
        for (int round = 1; round <= 20; round++)
        {
            _keepalived.Reload();
            _keepalived.Write($"BACKUP_PRIORITY {round}");
            await SeenAsync(seen => Lines(seen) is [.., var last] && last.Priority == round);
        }

        Assert.Equal(Enumerable.Range(1, 20), Lines(Seen).Select(static line => line.Priority ?? 0));
        Assert.Equal(21, Seen.OfType<Attached>().Count());
        Assert.DoesNotContain(Seen.OfType<Told>(), static told => told.AreOld);
    }

    [LinuxFact]
    public async Task Another_fifo_in_the_same_place_is_followed_though_the_former_is_open_still()
    {
        _keepalived.Start();
        _reader.Start();
        await SeenAsync(static seen => seen is [Attached]);

        using FileStream other = _keepalived.Usurp();
        other.Write("INSTANCE \"VI_1\" MASTER 250\n"u8);

        await SeenAsync(static seen => seen is [Attached, Detached, Attached, Told { AreOld: false, Lines: [{ Word: VrrpWord.Master }] }]);
    }

    [LinuxFact]
    public async Task A_fifo_that_was_only_removed_is_read_on()
    {
        _keepalived.Start();
        _reader.Start();
        await SeenAsync(static seen => seen is [Attached]);

        File.Delete(_keepalived.Path);
        for (int round = 1; round <= 3; round++)
        {
            // Each is read in a wait of its own.
            _keepalived.Write($"MASTER_PRIORITY {round}");
            await SeenAsync(seen => Lines(seen).Count == round);
        }

        Assert.Single(Seen.OfType<Attached>());
        Assert.Empty(Seen.OfType<Detached>());
    }

    [LinuxFact]
    public async Task A_regular_file_and_a_directory_in_its_place_are_told_as_what_they_are()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_keepalived.Path)!);
        await File.WriteAllTextAsync(_keepalived.Path, "INSTANCE \"VI_1\" MASTER 250\n");
        _reader.Start();
        await SeenAsync(static seen => seen is [Unreadable { IsMissing: false } file] && file.Why.Contains("is a regular file and no FIFO", StringComparison.Ordinal));

        File.Delete(_keepalived.Path);
        await SeenAsync(static seen => seen is [_, Unreadable { IsMissing: true }]);
        Directory.CreateDirectory(_keepalived.Path);
        await SeenAsync(static seen => seen is [_, _, Unreadable { IsMissing: false } folder] && folder.Why.Contains("is a directory and no FIFO", StringComparison.Ordinal));

        Directory.Delete(_keepalived.Path);
        _keepalived.Start().Write("MASTER 250");
        await SeenAsync(static seen => WordsOf(seen) is [VrrpWord.Master]);
    }

    [LinuxFact]
    public void A_fifo_that_may_not_be_read_is_told_with_what_to_do()
    {
        _keepalived.Start();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_keepalived.Path, UnixFileMode.None);
        }

        Unreadable? trouble = null;

        // Root may read anything, but for a thread of it that looks at files as nobody.
        Thread thread = new(() =>
        {
            if (Environment.IsPrivilegedProcess)
            {
                _ = setfsuid(65534);
            }

            using Fifo? fifo = Fifo.TryOpen(_keepalived.Path, out trouble);
        });
        thread.Start();
        thread.Join();

        Assert.False(trouble!.IsMissing);
        Assert.Contains("may not be read by", trouble.Why, StringComparison.Ordinal);
        Assert.Contains("vrrp_notify_fifo", trouble.Why, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task What_keepalived_does_not_write_is_skipped_and_told()
    {
        _keepalived.Start();
        _reader.Start();
        await SeenAsync(static seen => seen is [Attached]);

        _keepalived.WriteRaw(new string('x', 20_000) + "\n\0ÿ\nINSTANCE \"VI_1\" MASTER 250\nINSTANCE \"VI_1\" NEWS 1\nINSTANCE \"VI_1\" BACKUP 50\n");

        await SeenAsync(static seen => WordsOf(seen) is [VrrpWord.Master, VrrpWord.Backup]);
        Assert.True(Volatile.Read(ref _garbage) > 0);
    }

    [LinuxFact]
    public async Task A_burst_is_read_whole_and_in_order_and_the_piece_of_a_line_of_one_who_was_killed_is_forgotten()
    {
        _keepalived.Start();
        _reader.Start();
        await SeenAsync(static seen => seen is [Attached]);

        string[] burst = [.. Enumerable.Range(0, 1000).Select(static number => string.Create(CultureInfo.InvariantCulture, $"MASTER_RX_LOWER_PRI {number % 256}"))];
        _keepalived.Write(burst);
        _keepalived.WriteRaw("INSTANCE \"VI_1\" MAS");
        _keepalived.Leave();
        await SeenAsync(static seen => seen is [.., Detached]);
        _keepalived.Start().Write("BACKUP 50");

        await SeenAsync(static seen => WordsOf(seen) is [.., VrrpWord.Backup]);
        Assert.Equal(Enumerable.Range(0, 1000).Select(static number => number % 256), Lines(Seen).Take(1000).Select(static line => line.Priority ?? -1));
        Assert.Equal(new FifoLine(false, "VI_1", VrrpWord.Backup, 50), Assert.Single(Lines(Seen).Skip(1000)));
        Assert.Equal(0, Volatile.Read(ref _garbage));
    }

    [LinuxFact]
    public async Task Lines_that_have_filled_the_pipe_are_old_ones_for_others_after_them_may_have_been_dropped()
    {
        // The reader is held up, as by a process that was frozen.
        using ManualResetEventSlim goOn = new();
        ConcurrentQueue<VrrpEvent> seen = new();
        await using FifoReader reader = new(_keepalived.Path, happened => HoldUp(happened, seen, goOn), static () => { });
        _keepalived.Start();
        reader.Start();
        await Until.SoAsync(() => !seen.IsEmpty, static () => "it has begun");
        _keepalived.Write("BACKUP 50");
        await Until.SoAsync(() => seen.Count == 2, static () => "a line");

        // 65,200 bytes of the 65,536 that a pipe holds.
        _keepalived.Write([.. Enumerable.Repeat("MASTER_RX_LOWER_PRI 250", 1630)]);
        goOn.Set();

        await Until.SoAsync(() => Lines([.. seen]).Count == 1631, () => $"{Lines([.. seen]).Count} lines");
        Assert.False(Assert.IsType<Told>(seen.ElementAt(1)).AreOld);
        Assert.True(Assert.IsType<Told>(seen.ElementAt(2)).AreOld);

        static void HoldUp(VrrpEvent happened, ConcurrentQueue<VrrpEvent> seen, ManualResetEventSlim goOn)
        {
            seen.Enqueue(happened);
            if (happened is Told)
            {
                goOn.Wait(TimeSpan.FromSeconds(30));
            }
        }
    }

    [LinuxFact]
    public async Task It_ends_whatever_it_waits_for_and_hands_nothing_on_any_more()
    {
        foreach (Action prepare in new Action[] { static () => { }, () => _keepalived.Start().Leave(), () => _keepalived.Start() })
        {
            prepare();
            ConcurrentQueue<VrrpEvent> seen = new();
            FifoReader reader = new(_keepalived.Path, seen.Enqueue, static () => { });
            reader.Start();
            await Until.SoAsync(() => !seen.IsEmpty, static () => "it has begun");

            await reader.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
            await reader.DisposeAsync();
            int count = seen.Count;
            if (seen.TryPeek(out VrrpEvent? first) && first is Attached)
            {
                _keepalived.Write("MASTER 250");
            }

            Assert.Equal(count, seen.Count);
        }
    }

    [LinuxFact]
    public async Task It_may_end_before_it_has_begun() => await new FifoReader(_keepalived.Path, _seen.Enqueue, static () => { }).DisposeAsync();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _reader.DisposeAsync();
        _keepalived.Dispose();
    }

    private List<VrrpEvent> Seen => [.. _seen];

    private static List<FifoLine> Lines(List<VrrpEvent> seen) => [.. seen.OfType<Told>().SelectMany(static told => told.Lines)];

    private static List<VrrpWord> WordsOf(List<VrrpEvent> seen) => [.. Lines(seen).Select(static line => line.Word)];

    private Task SeenAsync(Func<List<VrrpEvent>, bool> isSo) => Until.SoAsync(() => isSo(Seen), () => string.Join(", ", Seen));

    [DllImport("libc")]
    private static extern int setfsuid(uint user);
}
