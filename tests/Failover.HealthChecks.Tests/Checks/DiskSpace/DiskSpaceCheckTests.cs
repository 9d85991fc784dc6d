using Failover.HealthChecks.Checks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Tests.Checks.DiskSpace;

public sealed class DiskSpaceCheckTests
{
    [Fact]
    public async Task A_disk_with_room_passes_and_tells_how_much()
    {
        await using Checked check = Checked.With(checks => checks.AddDiskSpace(Path.GetTempPath(), minimumFreeBytes: 1));

        HealthCheckResult result = await check.RunAsync();

        Assert.Equal(HealthStatus.Healthy, result.Status);
        Assert.InRange((long)result.Data["freeBytes"], 1, long.MaxValue);
        Assert.Equal(["local"], check.Registration.Tags);
    }

    [Fact]
    public async Task Fewer_bytes_than_asked_for_fail_the_check()
    {
        await using Checked check = Checked.With(checks => checks.AddDiskSpace("/", minimumFreeBytes: long.MaxValue));

        HealthCheckResult result = await check.RunAsync();

        Assert.Equal(("disk /", HealthStatus.Unhealthy), (check.Registration.Name, result.Status));
        Assert.Contains("bytes are free", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_that_is_not_there_fails_the_check()
    {
        await using Checked check = Checked.With(checks => checks.AddDiskSpace("/not/there", minimumFreeBytes: 1));

        HealthCheckResult result = await check.RunAsync();

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.IsType<DirectoryNotFoundException>(result.Exception);
    }

    [Fact]
    public async Task What_is_written_to_find_out_leaves_nothing_behind()
    {
        string folder = Directory.CreateTempSubdirectory("failover-disk-").FullName;
        await using Checked check = Checked.With(checks => checks.AddDiskSpace("disk", folder, options => (options.Write, options.MinimumFreePercent, options.DegradedFreePercent) = (true, 0, 0)));

        HealthCheckResult result = await check.RunAsync();

        Assert.Equal(HealthStatus.Healthy, result.Status);
        Assert.Contains("writeMs", result.Data.Keys);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
        Directory.Delete(folder);
    }

    [MountFact]
    public async Task Space_is_degraded_before_it_is_too_little()
    {
        using Tmpfs disk = new("size=1m");
        await using Checked check = Checked.With(checks => checks.AddDiskSpace("data", disk.Path, static _ => { }));
        Assert.Equal(HealthStatus.Healthy, (await check.RunAsync()).Status);

        string file = Path.Combine(disk.Path, "file");
        await File.WriteAllBytesAsync(file, new byte[960 * 1024]);
        HealthCheckResult little = await check.RunAsync();
        await File.WriteAllBytesAsync(file, new byte[1000 * 1024]);
        HealthCheckResult tooLittle = await check.RunAsync();

        Assert.Equal((HealthStatus.Degraded, 6.25), (little.Status, little.Data["freePercent"]));
        Assert.Equal(HealthStatus.Unhealthy, tooLittle.Status);
    }

    [MountFact]
    public async Task A_full_disk_fails_the_write_where_no_threshold_is_set()
    {
        using Tmpfs disk = new("size=256k");
        await using Checked check = Checked.With(checks => checks.AddDiskSpace("data", disk.Path, options => (options.Write, options.MinimumFreePercent, options.DegradedFreePercent) = (true, 0, 0)));
        disk.Fill();

        HealthCheckResult result = await check.RunAsync();

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Equal(CheckStep.Write, result.Data["step"]);
        Assert.Equal(0L, result.Data["freeBytes"]);
    }

    [MountFact]
    public async Task A_disk_without_inodes_fails_although_it_has_room()
    {
        using Tmpfs disk = new("size=1m,nr_inodes=50");
        await using Checked check = Checked.With(checks => checks.AddDiskSpace(disk.Path, minimumFreeBytes: 1));
        Assert.Equal(HealthStatus.Healthy, (await check.RunAsync()).Status);
        disk.FillInodes();

        HealthCheckResult result = await check.RunAsync();

        Assert.Equal((HealthStatus.Unhealthy, 0.0), (result.Status, result.Data["freeInodesPercent"]));
        Assert.Contains("inodes", result.Description, StringComparison.Ordinal);
    }

    [MountFact]
    public async Task A_file_system_that_became_read_only_fails_unless_it_may_be()
    {
        using Tmpfs disk = new("size=1m");
        await using Checked check = Checked.With(checks => checks.AddDiskSpace(disk.Path, minimumFreeBytes: 1));
        await using Checked allowed = Checked.With(checks => checks.AddDiskSpace("data", disk.Path, options => options.AllowReadOnly = true));
        Assert.Equal(HealthStatus.Healthy, (await check.RunAsync()).Status);
        disk.RemountReadOnly();

        HealthCheckResult result = await check.RunAsync();

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Contains("read-only", result.Description, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Healthy, (await allowed.RunAsync()).Status);
    }

    [MountFact("/dev/fuse")]
    public async Task A_mount_that_hangs_is_given_up_with_the_token_and_looked_at_again_when_it_ends()
    {
        using HungMount disk = new();
        await using Checked check = Checked.With(checks => checks.AddDiskSpace(disk.Path, minimumFreeBytes: 1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => check.RunAsync(TimeSpan.FromMilliseconds(200)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => check.RunAsync(TimeSpan.FromMilliseconds(200)));
        disk.End();

        HealthCheckResult result = await check.RunAsync();
        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.IsType<IOException>(result.Exception);
    }
}
