using System.Diagnostics.CodeAnalysis;

namespace Failover;

/// <summary>The keys of <see cref="LagOptions"/> within the options of a group: <c>Lag:Alarm</c> and <c>Lag:Breaches</c>.</summary>
[Experimental("FAILOVER001")]
public static class LagKeys
{
    /// <summary>Adds them to a table of keys, with the ranges that <see cref="LagOptions"/> promises.</summary>
    /// <param name="keys">The table.</param>
    /// <param name="of">Gets the part of the options.</param>
    public static OptionsKeys<TOptions> AddLag<TOptions>(this OptionsKeys<TOptions> keys, Func<TOptions, LagOptions> of)
        where TOptions : class, new()
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(of);
        return keys
            .Time("Lag:Alarm", o => of(o).Alarm, (o, v) => of(o).Alarm = v, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1))
            .Number("Lag:Breaches", o => of(o).Breaches, (o, v) => of(o).Breaches = v, 1, 1000);
    }
}
