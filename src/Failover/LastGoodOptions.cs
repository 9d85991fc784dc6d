using System.Diagnostics.CodeAnalysis;
using Failover.Registration;

namespace Failover;

/// <summary>
/// The options in force: the newest that were valid. A singleton for the options of each registered kind and for <see cref="GroupOptions"/>; safe for any thread. Unlike
/// <c>IOptionsMonitor</c> it goes on working after an invalid change of the configuration.
/// </summary>
/// <typeparam name="TOptions">The options type.</typeparam>
public sealed class LastGoodOptions<TOptions>
    where TOptions : class
{
    private readonly GroupRegistry _registry;

    internal LastGoodOptions(GroupRegistry registry) => _registry = registry;

    /// <summary>Returns the options in force of a group. The object is not changed later; a change of the configuration puts another one in its place. Treat it as read-only.</summary>
    /// <param name="group">The name of the group.</param>
    /// <exception cref="KeyNotFoundException">There is no such group; the message names those that there are.</exception>
    /// <exception cref="InvalidOperationException">A group of its kind has no such options.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">No group was made yet, and the settings of some group are invalid; it names all that is wrong with any.</exception>
    public TOptions Get(string group) => _registry.Find(group).Options<TOptions>();

    /// <summary>Returns the options in force of a group, as <see cref="Get"/> does, if a group of its kind has such options.</summary>
    /// <param name="group">The name of the group.</param>
    /// <param name="options">The options.</param>
    /// <returns>False if a group of its kind has no such options.</returns>
    /// <exception cref="KeyNotFoundException">There is no such group; the message names those that there are.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">No group was made yet, and the settings of some group are invalid; it names all that is wrong with any.</exception>
    public bool TryGet(string group, [NotNullWhen(true)] out TOptions? options) => _registry.Find(group).TryGetOptions(out options);
}
