using System.Collections.Concurrent;
using Failover.Election;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.DnsSwitching.Tests.Switching;

/// <summary>A host app that moves shop.example.com between two servers, which are well or not as the test says.</summary>
internal sealed class Controller : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly IConfigurationRoot _configuration;
    private readonly ConcurrentDictionary<string, bool> _sick = new();

    private Controller(Action<DnsSwitchBuilder> configure, Dictionary<string, string?> settings, TimeProvider? time)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(settings);
        _configuration = builder.Configuration;
        builder.Logging.AddProvider(new FakeLoggerProvider(Logs)).SetMinimumLevel(LogLevel.Debug);
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.Services.AddFailover(builder.Configuration.GetSection("Failover"))
            .AddGroup("site", (_, group) => group
                .AddMember("a", new("http://192.0.2.1/"))
                .AddMember("b", new("http://192.0.2.2/"))
                .UseProbe(new Probe(_sick))
                .Configure(static options =>
                {
                    options.Detection.ProbeInterval = TimeSpan.FromMilliseconds(100);
                    options.Detection.TransitionInterval = TimeSpan.FromMilliseconds(50);
                    options.Detection.ProbeTimeout = TimeSpan.FromMilliseconds(100);
                    options.Detection.DownInterval = TimeSpan.FromMilliseconds(100);
                    options.Switchback.Mode = SwitchbackMode.Manual;
                    options.SwitcherReadInterval = TimeSpan.FromSeconds(1);
                }))
            .SwitchDns("site", "shop.example.com", configure);
        builder.Services.AddHealthChecks().AddDnsSwitch("dns", "site");
        _host = builder.Build();
    }

    internal FakeLogCollector Logs { get; } = new();

    internal IServiceProvider Services => _host.Services;

    internal DnsSwitch Switch => _host.Services.GetRequiredKeyedService<DnsSwitch>("site");

    internal FailoverGroup Group => Switch.Group;

    /// <summary>Starts one that waits for nothing: it has no cool-down unless the settings give one.</summary>
    internal static async Task<Controller> StartAsync(IDnsProvider provider, Action<DnsSwitchBuilder>? more = null, Dictionary<string, string?>? settings = null, TimeProvider? time = null)
    {
        Dictionary<string, string?> all = new() { ["Failover:Dns:site:CoolDown"] = "00:00:00", ["Failover:Dns:site:VisibleWithin"] = "00:00:10" };
        foreach ((string key, string? value) in settings ?? [])
        {
            all[key] = value;
        }

        Controller controller = new(dns =>
        {
            dns.UseProvider(_ => provider);
            more?.Invoke(dns);
        }, all, time);
        await controller._host.StartAsync();
        return controller;
    }

    /// <summary>Until the group stands on a member, and each was probed: who asks for a move before that is refused.</summary>
    internal Task SettlesOnAsync(string member) => Until.True(() =>
        Group.Snapshot is { Condition: GroupCondition.Settled } now && now.Active?.Name == member && now.Members.All(static one => one.Verdict != Verdict.Unknown));

    /// <summary>Changes a setting while the app runs.</summary>
    internal void Set(string key, string value)
    {
        _configuration[key] = value;
        _configuration.Reload();
    }

    /// <summary>Asks the health check of the name.</summary>
    internal async Task<HealthReportEntry> CheckAsync() => (await Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["dns"];

    internal void Sicken(string member) => _sick[member] = true;

    internal void Heal(string member) => _sick[member] = false;

    internal string[] Logged(string eventName) => [.. Logs.GetSnapshot().Where(record => record.Id.Name == eventName).Select(static record => record.Message)];

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private sealed class Probe(ConcurrentDictionary<string, bool> sick) : IMemberProbe
    {
        public ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken) =>
            new(sick.GetValueOrDefault(member.Name) ? ProbeResult.Failure("refused") : ProbeResult.Success());
    }
}
