using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Failover.Configuration;
using Failover.Groups;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Failover.Tests.Registration;

/// <summary>docs/configuration.md says what is true.</summary>
public partial class ConfigurationPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Registration", "configuration.md"));

    [Fact]
    public async Task The_example_is_taken_as_it_stands()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(Assert.Single(Blocks("json")))));
        builder.Services.AddSingleton<OrdersProbe>();
        #region docs:register
        builder.Services.AddFailover(builder.Configuration.GetSection("Failover"))
            .AddGroup("orders", (services, group) => group
                .AddMember(new Uri("tcp://orders-a.example.com:7000"))
                .AddMember(new Uri("tcp://orders-b.example.com:7000"))
                .UseProbe(services.GetRequiredService<OrdersProbe>()));
        #endregion
        await using var host = new TestHost(builder.Build());
        await host.StartAsync();

        GroupOptions options = host.InForce<GroupOptions>("orders");

        Assert.Equal(
            (TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(500), 2, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(20)),
            (options.Detection.ProbeInterval, options.Detection.ProbeTimeout, options.Detection.Fall, options.Switchback.HoldDown, options.StartTimeout));
    }

    [Fact]
    public async Task Code_wins_as_the_page_says()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(Assert.Single(Blocks("json")))));
        builder.Services.AddFailover(builder.Configuration.GetSection("Failover")).AddCustomGroup("orders");
        #region docs:code
        builder.Services.Configure<GroupOptions>("orders", options => options.Detection.Fall = 5);
        #endregion
        await using var host = new TestHost(builder.Build());

        Assert.Equal(5, host.InForce<GroupOptions>("orders").Detection.Fall);
    }

    [Fact]
    public void Code_on_the_page_is_code_that_runs_here()
    {
        string source = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Registration", "ConfigurationPageTests.cs"));

        Assert.Equal(Regions().Matches(source).Select(one => Flat(one.Groups[1].Value)), Blocks("csharp").Select(Flat));

        static string Flat(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
    }

    [Fact]
    public void Every_key_stands_there_with_its_default_and_what_is_allowed()
    {
        var defaults = new GroupOptions();
        IEnumerable<string> expected = GroupOptionsKeys.Table.Keys.Select(key => $"{key.Key} | {(key.Read(defaults) is { } value ? Shown.Value(key.Key, value) : "none")} | {key.Allowed}");

        // What stands behind a semicolon or a full stop are rules across keys, and remarks.
        IEnumerable<string> told = Rows().Matches(Page).Select(row => $"{row.Groups[1].Value} | {row.Groups[2].Value} | {row.Groups[3].Value.Split(';')[0].Split(". ")[0]}").Skip(1);

        Assert.Equal(expected, told);
    }

    [Fact]
    public async Task The_errors_read_as_the_page_says()
    {
        string[] problems = await Given.ProblemsOf(
            new ChangingConfiguration().Save(
                ("Groups:orders:Detection:ProbeTimeout", "00:00:09"),
                ("Groups:orders:Detection:WriteHangAge", "5"),
                ("Groups:orders:Detction:Fall", "2"),
                ("Groups:payments:Kind", "Http")),
            builder => builder.AddCustomGroup("orders").RequireGroup("ordres", "The HTTP client 'orders'"));

        Assert.Equal(problems.Order(StringComparer.Ordinal), Blocks("").Single().Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_event_stands_there()
    {
        LoggerMessageAttribute[] events = [.. typeof(Failover.Registration.Log)
            .GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()];

        Assert.NotEmpty(events);
        Assert.All(events, one => Assert.Contains($"{one.EventId} `{one.EventName}`", Page, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Blocks(string language) => Fences().Matches(Page).Where(one => one.Groups[1].Value == language).Select(one => one.Groups[2].Value);

    [GeneratedRegex(@"^```(\w*)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"^\| `([\w:]+)` \| ([^|]+) \| ([^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex(@"^ *#region docs:\w+\n(.*?)^ *#endregion$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Regions();

    private sealed class OrdersProbe : IMemberProbe
    {
        public ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken) => new(ProbeResult.Success());
    }
}
