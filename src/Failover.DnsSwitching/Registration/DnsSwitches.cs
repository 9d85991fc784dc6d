using System.Collections.Concurrent;
using Failover.DnsSwitching.Rfc2136;
using Failover.DnsSwitching.Switching;
using Failover.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Failover.DnsSwitching.Registration;

/// <summary>The names of a container that are moved, each made with its group and begun with the host. Safe for any thread.</summary>
internal sealed class DnsSwitches(IServiceProvider services, DnsSetups setups) : IHostedService, IAsyncDisposable, IDisposable
{
    private readonly ConcurrentDictionary<string, DnsSwitchRun> _runs = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, DnsSwitch> _switches = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gives a group what moves its name. Called once for each group, when it is made.</summary>
    /// <exception cref="OptionsValidationException">It was not said who holds the name, or a setting is invalid.</exception>
    internal void AddTo(FailoverGroupBuilder group)
    {
        string name = group.Name;
        if (!setups.Builders.TryGetValue(name, out DnsSwitchBuilder? setup))
        {
            return;
        }

        LastGoodSection<GroupSection<DnsSwitchOptions>> section = services.GetRequiredService<LastGoodSection<GroupSection<DnsSwitchOptions>>>();
        DnsSwitchOptions Options() => section.Current.Groups[name];
        DnsSwitchOptions first = Options();
        IDnsProvider provider = (setup.Provider ?? throw new OptionsValidationException(name, typeof(DnsSwitchOptions), [$"It was not said who holds {first.Name}, the name of {name}: call UseRfc2136() or {nameof(DnsSwitchBuilder.UseProvider)}()."]))(services);
        if ((provider as Rfc2136Provider)?.WhyNot(first.Name!) is { } stray)
        {
            throw new OptionsValidationException(name, typeof(Rfc2136Options), [$"Failover:Rfc2136:{name}:Zone must be the zone of the name that is moved: {stray}"]);
        }

        if (setup.Arbiter is { } arbiter)
        {
            group.UseArbiter(services, arbiter);
        }

        TimeProvider time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        ILogger logger = new SafeLogger((services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<DnsSwitch>());
        DnsSwitchRun run = new(name, provider, setup.Arbiter is not null, Options, () => services.GetRequiredService<FailoverGroups>()[name], time, logger);
        group.CheckMembers(member => DnsTargets.WhyNot(member, Options())).UseSwitcher(run.Switcher).Configure(options => RestAtLeast(options, Options().CoolDown));
        _runs[name] = run;
    }

    /// <summary>Returns the name of a group.</summary>
    /// <exception cref="InvalidOperationException">The group has none.</exception>
    internal DnsSwitch Of(string group)
    {
        string name = services.GetRequiredService<FailoverGroups>()[group].Name;
        return _switches.GetOrAdd(name, _ => _runs.TryGetValue(name, out DnsSwitchRun? run) ? new(run) : throw new InvalidOperationException($"The failover group '{name}' moves no name: call SwitchDns()."));
    }

    /// <summary>Checks what only the members show, and has each provider prove itself.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (string group in setups.Builders.Keys)
        {
            _ = services.GetRequiredService<FailoverGroups>()[group];
            _runs[group].Start();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (DnsSwitchRun run in _runs.Values)
        {
            await run.DisposeAsync().ConfigureAwait(false);
        }
    }

    public void Dispose() => Task.Run(() => DisposeAsync().AsTask()).GetAwaiter().GetResult();

    /// <summary>A switchback that the name does not allow yet would be tried and refused.</summary>
    private static void RestAtLeast(GroupOptions options, TimeSpan coolDown)
    {
        if (options.Switchback.HoldDown < coolDown)
        {
            options.Switchback.HoldDown = coolDown;
            options.Switchback.MaxHoldDown = options.Switchback.MaxHoldDown < coolDown ? coolDown : options.Switchback.MaxHoldDown;
        }
    }
}

/// <summary>Which groups have a name that is moved, and how.</summary>
internal sealed class DnsSetups
{
    internal Dictionary<string, DnsSwitchBuilder> Builders { get; } = new(StringComparer.OrdinalIgnoreCase);
}
