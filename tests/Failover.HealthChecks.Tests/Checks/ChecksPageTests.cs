using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Failover.HealthChecks.Tests.Checks;

/// <summary>The section «Checks» of docs/health.md says what is true.</summary>
public sealed class ChecksPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Docs", "health.md"));

    [Fact]
    public void Checks_are_added_as_it_shows()
    {
        ServiceCollection services = [];

        #region docs:checks
        services.AddHealthChecks()
            .AddDatabase("orders", options => options.Write = "UPDATE health SET at = now() WHERE id = 1")
            .AddDistributedCache("cache", static _ => { }, HealthStatus.Degraded, tags: [])
            .AddFailoverGroup("db")
            .AddHttpDependency("billing", "https://billing.example.com/ping")
            .AddDiskSpace("/", minimumFreeBytes: 2L << 30)
            .AddDiskSpace("data", "/var/lib/orders", options => options.Write = true)
            .AddMemory()
            .AddThreadPool()
            .AddCertificate("tls", "/etc/ssl/shop.pem")
            .AddHeartbeatFile("/srv/mirror/heartbeat", maximumAge: TimeSpan.FromMinutes(5))
            .AddClockSkew()
            .AddRevisionFile("/srv/shop/revision");
        #endregion

        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.Equal(
            ["orders shared", "cache shared", "db shared", "billing shared", "disk / local", "data local", "memory local", "threadpool local", "tls local", "heartbeat heartbeat shared", "clock shared", "revision shared"],
            provider.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.Select(check => $"{check.Name} {check.Tags.Single()}"));
    }

    [Fact]
    public void Every_check_stands_there() => Assert.All(
        typeof(FailoverCheckExtensions).GetMethods(BindingFlags.Static | BindingFlags.Public).Select(method => method.Name).Distinct(),
        name => Assert.Contains($"`{name}`", Page, StringComparison.Ordinal));

    [Fact]
    public void Every_option_stands_there_with_its_default()
    {
        IEnumerable<string> expected =
            from type in typeof(FailoverCheckExtensions).Assembly.GetExportedTypes()
            where type.Name.EndsWith("CheckOptions", StringComparison.Ordinal) && type != typeof(CheckOptions)
            let defaults = Activator.CreateInstance(type)
            from property in type.GetProperties()
            select $"| `Add{type.Name.Replace("CheckOptions", "", StringComparison.Ordinal)}` | `{property.Name}` | {Shown(property.GetValue(defaults))} |";

        Assert.All(expected, row => Assert.Contains(row, Page, StringComparison.Ordinal));
    }

    private static string Shown(object? value) => value switch
    {
        null => "none",
        ICollection<int> => "empty",
        TimeSpan time => time.ToString("c"),
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
    };
}
