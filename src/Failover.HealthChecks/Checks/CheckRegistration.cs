using Failover.HealthChecks.Evaluation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Failover.HealthChecks.Checks;

/// <summary>How each of our checks is registered: its options checked at once, one instance a container, a tag that says whose failure it is.</summary>
internal static class CheckRegistration
{
    /// <summary>Makes the options of a check, lets the app set them, and refuses what is not allowed.</summary>
    /// <exception cref="OptionsValidationException">Some are not allowed; it names the check, each key, its value and what is allowed.</exception>
    internal static TOptions Configured<TOptions>(string name, Action<TOptions> configure, Action<TOptions, OptionsCheck> rules)
        where TOptions : class, new()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(configure);
        TOptions options = new();
        configure(options);
        OptionsCheck check = new($"Health check '{name}'");
        rules(options, check);
        return check.Problems.Count == 0 ? options : throw new OptionsValidationException(name, typeof(TOptions), check.Problems);
    }

    /// <summary>Refuses a value that is outside of its range.</summary>
    internal static void InRange<T>(this OptionsCheck check, string key, T value, T minimum, T maximum)
        where T : IComparable<T>
    {
        if (value.CompareTo(minimum) < 0 || value.CompareTo(maximum) > 0)
        {
            check.Refuse(key, value, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"must be from {minimum} to {maximum}"));
        }
    }

    /// <summary>Adds a check. <paramref name="make"/> is called once a container, when the check first runs: a check that was made anew each time would make its connections anew.</summary>
    internal static IHealthChecksBuilder AddOwn(this IHealthChecksBuilder builder, string name, CheckScope scope, HealthStatus? failureStatus, IEnumerable<string> tags, TimeSpan? timeout, Func<IServiceProvider, IHealthCheck> make)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(tags);
        object key = new();
        builder.Services.AddKeyedSingleton(key, (services, _) => make(services));
        return builder.Add(new HealthCheckRegistration(name, services => services.GetRequiredKeyedService<IHealthCheck>(key), failureStatus, CheckSettings.WithScope(tags, scope), timeout));
    }

    internal static TimeProvider Time(this IServiceProvider services) => services.GetService<TimeProvider>() ?? TimeProvider.System;
}
