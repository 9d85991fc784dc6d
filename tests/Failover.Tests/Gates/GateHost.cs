using Failover.Arbiters;
using Failover.Tests.Groups;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Failover.Tests.Gates;

/// <summary>One process of several that compete for the gate «nightly», with its own clock, over a store that all of them share.</summary>
internal sealed class GateHost : IAsyncDisposable
{
    private readonly IHost _host;

    internal GateHost(string name, ILeaseStore store, Action<ArbiterBuilder>? configure = null, Action<IFailoverBuilder>? add = null)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders().AddFakeLogging().SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddSingleton<TimeProvider>(Time);
        IFailoverBuilder failover = builder.Services.AddFailover().AddPrimaryGate("nightly", gate =>
        {
            gate.UseStore(_ => store).Configure(lease => lease.Holder = name);
            configure?.Invoke(gate);
        });
        add?.Invoke(failover);
        _host = builder.Build();
    }

    internal FakeTimeProvider Time { get; } = new();

    internal IPrimaryGate Gate => _host.Services.GetRequiredKeyedService<IPrimaryGate>("nightly");

    internal IServiceProvider Services => _host.Services;

    internal FakeLogCollector Logs => _host.Services.GetFakeLogCollector();

    internal Task StartAsync() => Until.Ends(_host.StartAsync());

    internal Task StopAsync() => Until.Ends(_host.StopAsync());

    internal Task<PrimaryScope> PassAsync() => Until.Ends(Gate.WaitForPrimaryAsync(CancellationToken.None).AsTask());

    internal int Logged(string name) => Logs.GetSnapshot().Count(one => one.Id.Name == name);

    /// <summary>Moves this host's clock on until something is so.</summary>
    internal Task AdvanceUntilAsync(Func<bool> condition) => Until.True(() =>
    {
        Time.Advance(TimeSpan.FromMilliseconds(20));
        return condition();
    });

    public async ValueTask DisposeAsync() => await ((IAsyncDisposable)_host).DisposeAsync();
}
