using Failover.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Failover.DnsSwitching.Following;

/// <summary>Begins to follow with the host: the names of all movers that are services.</summary>
internal sealed class DnsFollowerStart(INameFollower follower, IServiceProvider services) : IHostedService
{
    private IDisposable[] _followed = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _followed = [.. services.GetServices<INamePoolMover>().Select(follower.Follow)];
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Array.ForEach(_followed, static one => one.Dispose());
        return Task.CompletedTask;
    }

    internal static ILogger LoggerOf(IServiceProvider services) => new SafeLogger((services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger("Failover.DnsFollower"));
}
