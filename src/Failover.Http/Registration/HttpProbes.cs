using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Failover.Http.Probing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Failover.Http.Registration;

/// <summary>Makes the probes of a container's HTTP groups, and ends them with it.</summary>
internal sealed class HttpProbes(LastGoodOptions<HttpGroupOptions> options, IServiceProvider services, ILoggerFactory? loggers) : IDisposable
{
    /// <summary>Options in force do not change; others take their place.</summary>
    private readonly ConditionalWeakTable<HttpGroupOptions, ProbePlan> _plans = [];
    private readonly ConcurrentBag<HttpProbe> _made = [];

    /// <summary>Makes the probe of a group. It follows the options in force.</summary>
    internal HttpProbe Make(string group)
    {
        var probe = new HttpProbe(
            group,
            () => _plans.GetValue(options.Get(group), static inForce => new ProbePlan(inForce.Probe)),
            services.GetKeyedService<ProbeHandlerFactory>(group)?.Create(services),
            (loggers ?? NullLoggerFactory.Instance).CreateLogger<HttpProbe>(),
            services.GetService<TimeProvider>() ?? TimeProvider.System);
        _made.Add(probe);
        return probe;
    }

    public void Dispose()
    {
        foreach (HttpProbe probe in _made)
        {
            probe.Dispose();
        }
    }
}
