using Failover.HealthChecks.Checks.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Failover.HealthChecks.Tests.Checks.Memory;

public sealed class MemoryCheckTests : IDisposable
{
    private const long Mebibyte = 1024 * 1024;

    private readonly string _root = Directory.CreateTempSubdirectory("failover-memory-").FullName;

    [Fact]
    public async Task This_machine_has_a_limit_and_the_check_says_whose_it_is()
    {
        await using Checked check = Checked.With(checks => checks.AddMemory(options => (options.MaximumPercent, options.DegradedPercent) = (100, 100)));

        HealthCheckResult result = await check.RunAsync();

        Assert.Equal(HealthStatus.Healthy, result.Status);
        Assert.Equal(["local"], check.Registration.Tags);
        Assert.IsType<MemoryLimit>(result.Data["limitOf"]);
        Assert.InRange((double)result.Data["usedPercent"], 0.001, 100);
        Assert.InRange((long)result.Data["limitBytes"], (long)result.Data["usedBytes"], long.MaxValue);
    }

    [Fact]
    public void A_limit_of_version_2_counts_without_what_the_kernel_would_give_back()
    {
        Machine(totalMebibytes: 8192, availableMebibytes: 4096);
        Put("proc/self/cgroup", "0::/app");
        Put("proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw");
        Put("sys/fs/cgroup/app/memory.max", $"{512 * Mebibyte}");
        Put("sys/fs/cgroup/app/memory.current", $"{400 * Mebibyte}");
        Put("sys/fs/cgroup/app/memory.stat", $"anon 5\ninactive_file {144 * Mebibyte}\nactive_file 7");

        MemoryUse use = new MemoryReader(_root).Read();

        Assert.Equal(new MemoryUse(256 * Mebibyte, 512 * Mebibyte, MemoryLimit.ControlGroupV2), use);
        Assert.Equal(50, use.UsedPercent);
    }

    [Fact]
    public void Of_the_groups_around_the_one_that_is_nearest_to_its_limit_counts()
    {
        Machine(totalMebibytes: 8192, availableMebibytes: 4096);
        Put("proc/self/cgroup", "0::/pod/app");
        Put("proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw");
        Put("sys/fs/cgroup/pod/app/memory.max", "max");
        Put("sys/fs/cgroup/pod/app/memory.current", $"{10 * Mebibyte}");
        Put("sys/fs/cgroup/pod/memory.max", $"{100 * Mebibyte}");
        Put("sys/fs/cgroup/pod/memory.current", $"{90 * Mebibyte}");

        Assert.Equal(new MemoryUse(90 * Mebibyte, 100 * Mebibyte, MemoryLimit.ControlGroupV2), new MemoryReader(_root).Read());
    }

    [Fact]
    public void In_a_container_without_a_namespace_the_mount_shows_the_group_itself()
    {
        Machine(totalMebibytes: 8192, availableMebibytes: 4096);
        Put("proc/self/cgroup", "9:cpu:/docker/abc\n4:memory:/docker/abc\n0::/docker/abc");
        Put("proc/self/mountinfo", "40 30 0:30 /docker/abc /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n41 30 0:31 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory");
        Put("sys/fs/cgroup/memory/memory.limit_in_bytes", $"{200 * Mebibyte}");
        Put("sys/fs/cgroup/memory/memory.usage_in_bytes", $"{150 * Mebibyte}");
        Put("sys/fs/cgroup/memory/memory.stat", $"total_inactive_file {50 * Mebibyte}");

        Assert.Equal(new MemoryUse(100 * Mebibyte, 200 * Mebibyte, MemoryLimit.ControlGroupV1), new MemoryReader(_root).Read());
    }

    [Theory]
    [InlineData("memory.limit_in_bytes", "9223372036854771712")]
    [InlineData("memory.limit_in_bytes", "17179869184")]
    [InlineData("memory.limit_in_bytes", "0")]
    [InlineData("memory.limit_in_bytes", "")]
    [InlineData("memory.other", "5")]
    public void Without_a_limit_below_it_the_machine_counts(string file, string limit)
    {
        Machine(totalMebibytes: 8192, availableMebibytes: 2048);
        Put("proc/self/cgroup", "4:memory:/");
        Put("proc/self/mountinfo", "nonsense\n41 30 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory");
        Put($"sys/fs/cgroup/memory/{file}", limit);
        Put("sys/fs/cgroup/memory/memory.usage_in_bytes", $"{150 * Mebibyte}");

        Assert.Equal(new MemoryUse(6144 * Mebibyte, 8192 * Mebibyte, MemoryLimit.Machine), new MemoryReader(_root).Read());
    }

    [Fact]
    public void Where_there_are_no_such_files_the_runtime_tells()
    {
        MemoryUse use = new MemoryReader(_root).Read();

        Assert.Equal(MemoryLimit.Runtime, use.LimitOf);
        Assert.InRange(use.UsedPercent, 0.001, 100);
    }

    [Theory]
    [InlineData(899, HealthStatus.Healthy)]
    [InlineData(900, HealthStatus.Degraded)]
    [InlineData(949, HealthStatus.Degraded)]
    [InlineData(950, HealthStatus.Unhealthy)]
    [InlineData(2000, HealthStatus.Unhealthy)]
    public void By_default_it_is_degraded_from_90_percent_on_and_fails_from_95_on(long used, HealthStatus expected) =>
        Assert.Equal(expected, MemoryHealthCheck.Judge(new(used, 1000, MemoryLimit.Machine), new()).Status);

    [Theory]
    [InlineData(0, 90, "Health check 'memory':MaximumPercent (0) must be above 0, up to 100.")]
    [InlineData(double.NaN, 90, "Health check 'memory':MaximumPercent (NaN) must be above 0, up to 100.")]
    [InlineData(80, 90, "Health check 'memory':DegradedPercent (90) must be above 0, and not above MaximumPercent (80).")]
    public void Percents_that_are_not_allowed_are_refused_at_once(double maximum, double degraded, string problem)
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => Checked.With(checks => checks.AddMemory(options => (options.MaximumPercent, options.DegradedPercent) = (maximum, degraded))));

        Assert.Equal([problem], refused.Failures);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Machine(long totalMebibytes, long availableMebibytes) =>
        Put("proc/meminfo", $"MemTotal:       {totalMebibytes * 1024} kB\nMemFree:          1 kB\nMemAvailable:   {availableMebibytes * 1024} kB");

    private void Put(string path, string content)
    {
        string full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content + "\n");
    }
}
