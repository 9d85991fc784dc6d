using Failover.Election;
using Failover.Groups;
using Microsoft.Extensions.Logging.Abstractions;

namespace Failover.Tests.Groups;

public sealed class EpochFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("failover-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "kept", "db.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Watched Follower() => new(g => g.ElectByRole().Configure(o => o.Epochs.Path = Path), name: "db");

    private static void Prove(Watched group, long epoch, string lineage = "7301") =>
        group.Probe.Answer(group.A, ProbeResult.Success(MemberRole.Primary, new(lineage, epoch)));

    private static GroupParts Parts() => new()
    {
        Name = "db",
        Kind = "test",
        Probe = new FakeProbe(),
        Time = TimeProvider.System,
        Logger = NullLogger.Instance,
        Telemetry = Telemetry.Of(null),
    };

    [Fact]
    public async Task The_highest_epoch_survives_a_restart()
    {
        Watched first = Follower();
        Prove(first, 7);
        first.Probe.Answer(first.B, ProbeResult.Failure("closed"));
        await Until.Ends(first.Group.WaitForActiveAsync(CancellationToken.None).AsTask());
        await first.DisposeAsync();
        Assert.Equal(["db.json", "db.json.lock"], Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!).Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal));

        await using Watched second = Follower();
        Prove(second, 6);
        second.Probe.Answer(second.B, ProbeResult.Failure("closed"));
        second.Group.Start();
        await Until.True(() => second.Now.Members.All(m => m.Verdict != Verdict.Unknown));
        Assert.Null(second.Now.Active);
        Assert.Contains("below the highest", second.Now.Reason, StringComparison.Ordinal);

        Prove(second, 8);
        await second.AdvanceUntilAsync(() => second.Now.Active == second.A);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"version\":1,\"group\":\"db\",\"trusted\":\"73")]
    [InlineData("\0\0\0\0\0\0\0\0")]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("{\"version\":2,\"group\":\"db\",\"highest\":[]}")]
    [InlineData("{\"version\":1,\"group\":\"another\",\"highest\":[]}")]
    [InlineData("{\"version\":1,\"group\":\"db\",\"highest\":[{\"lineage\":\"7301\",\"number\":\"9\"}]}")]
    [InlineData("{\"version\":1,\"group\":\"db\",\"highest\":[{\"number\":9}]}")]
    [InlineData("{\"version\":1,\"group\":\"db\",\"trusted\":7,\"highest\":[]}")]
    public async Task A_file_that_is_torn_or_foreign_is_reported_and_counts_as_none(string content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        await File.WriteAllTextAsync(Path, content);
        Watched group = Follower();
        Prove(group, 3);
        group.Probe.Answer(group.B, ProbeResult.Failure("closed"));

        Assert.Same(group.A, await Until.Ends(group.Group.WaitForActiveAsync(CancellationToken.None).AsTask()));
        Assert.Single(group.Logged("EpochFileUnusable"));

        await group.DisposeAsync();
        Assert.Contains("\"number\": 3", await File.ReadAllTextAsync(Path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_another_process_has_seen_in_the_meantime_is_not_lowered()
    {
        Watched group = Follower();
        Prove(group, 3);
        group.Probe.Answer(group.B, ProbeResult.Failure("closed"));
        group.Group.Start();
        await Until.True(() => File.Exists(Path) && File.ReadAllText(Path) is var kept && kept.Contains("\"trusted\": \"7301\"", StringComparison.Ordinal) && kept.Contains("\"number\": 3", StringComparison.Ordinal));

        await File.WriteAllTextAsync(Path, "{\"version\":1,\"group\":\"db\",\"trusted\":\"7301\",\"highest\":[{\"lineage\":\"7301\",\"number\":9},{\"lineage\":\"6000\",\"number\":2}]}");
        Prove(group, 4);
        await group.AdvanceUntilAsync(() => group.Now.Epoch?.Number == 4);
        await group.DisposeAsync();

        string left = await File.ReadAllTextAsync(Path);
        Assert.Contains("\"number\": 9", left, StringComparison.Ordinal);
        Assert.Contains("6000", left, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_writers_that_race_none_undoes_what_the_other_has_written()
    {
        using CancellationTokenSource written = new();
        Task watching = Task.Run(() => Watch(written.Token));

        await Until.Ends(Task.WhenAll(WriteAsync("6000"), WriteAsync("7301")));
        await written.CancelAsync();
        await Until.Ends(watching);

        EpochBook kept = EpochFile.Load(Path, Parts());
        Assert.Equal((200, 200), (kept.HighestOf("6000"), kept.HighestOf("7301")));

        async Task WriteAsync(string lineage)
        {
            await Task.Yield();
            EpochFile file = new(Path, Parts(), CancellationToken.None);
            for (long number = 1; number <= 200; number++)
            {
                file.Write(EpochBook.Empty.Raise(new(lineage, number)));
                await file.WhenWrittenAsync();
            }
        }

        void Watch(CancellationToken end)
        {
            EpochBook before = EpochBook.Empty;
            while (!end.IsCancellationRequested)
            {
                EpochBook now = EpochFile.Load(Path, Parts());
                Assert.All(before.Highest, epoch => Assert.InRange(now.HighestOf(epoch.Lineage), epoch.Number, 200));
                before = now;
            }
        }
    }

    [Fact]
    public async Task A_file_whose_lock_another_process_keeps_stays_as_it_is_and_is_written_when_the_lock_is_free()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        await using Watched group = Follower();
        Prove(group, 3);
        group.Probe.Answer(group.B, ProbeResult.Failure("closed"));
        using (FileStream other = new(Path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Same(group.A, await Until.Ends(group.Group.WaitForActiveAsync(CancellationToken.None).AsTask()));
            await group.AdvanceUntilAsync(() => group.Logged("EpochFileNotWritten").Any());
            Assert.False(File.Exists(Path));
        }

        await group.AdvanceUntilAsync(() => File.Exists(Path));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_reported_and_written_once_it_can_be()
    {
        await File.WriteAllTextAsync(System.IO.Path.Combine(_folder, "kept"), "a file where the folder should be");
        await using Watched group = Follower();
        Prove(group, 3);
        group.Probe.Answer(group.B, ProbeResult.Failure("closed"));
        await Until.Ends(group.Group.WaitForActiveAsync(CancellationToken.None).AsTask());
        await Until.True(() => group.Logged("EpochFileNotWritten").Any());

        File.Delete(System.IO.Path.Combine(_folder, "kept"));
        await group.AdvanceUntilAsync(() => File.Exists(Path));
    }
}
