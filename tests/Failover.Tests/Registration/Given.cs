using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace Failover.Tests.Registration;

/// <summary>Hosts with groups.</summary>
internal static class Given
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    internal static TestHost Host(ChangingConfiguration configuration, Action<IFailoverBuilder> add)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.Sources.Add(configuration);
        builder.Logging.ClearProviders().AddFakeLogging();
        add(builder.Services.AddFailover(builder.Configuration.GetSection("Failover")));
        return new TestHost(builder.Build());
    }

    /// <summary>Starts the host, which must fail, and returns every problem told.</summary>
    internal static async Task<string[]> ProblemsOf(ChangingConfiguration configuration, Action<IFailoverBuilder> add)
    {
        await using TestHost host = Host(configuration, add);
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        return [.. exception.Failures];
    }
}

internal sealed class TestHost(IHost host) : IAsyncDisposable
{
    internal IServiceProvider Services => host.Services;

    internal FailoverGroups Groups => Services.GetRequiredService<FailoverGroups>();

    internal FakeLogCollector Logs => Services.GetFakeLogCollector();

    internal Task StartAsync() => host.StartAsync().WaitAsync(Given.Limit);

    internal Task StopAsync() => host.StopAsync().WaitAsync(Given.Limit);

    internal TOptions InForce<TOptions>(string group)
        where TOptions : class => Services.GetRequiredService<LastGoodOptions<TOptions>>().Get(group);

    public async ValueTask DisposeAsync()
    {
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }
}
