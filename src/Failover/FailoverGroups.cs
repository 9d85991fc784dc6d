using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Failover.Registration;

namespace Failover;

/// <summary>
/// All groups that were registered with <c>AddFailover()</c>. A group is made when it is first asked for, once. Safe for any thread. Ended by the host, or else with
/// the container.
/// </summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "The plural says it.")]
public sealed class FailoverGroups : IReadOnlyCollection<FailoverGroup>
{
    private readonly GroupRegistry _registry;

    internal FailoverGroups(GroupRegistry registry) => _registry = registry;

    /// <summary>Gets how many groups there are.</summary>
    public int Count => _registry.Names.Count;

    /// <summary>Gets the names of the groups, made or not, in order. They do not change while the app runs.</summary>
    public IReadOnlyCollection<string> Names => _registry.Names;

    /// <summary>Gets a group by its name, without regard to case.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="KeyNotFoundException">There is no such group; the message names those that there are.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">No group was made yet, and the settings of some group are invalid; it names all that is wrong with any.</exception>
    /// <exception cref="ObjectDisposedException">The group was never made, and the app has ended.</exception>
    public FailoverGroup this[string name]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(name);
            return _registry.Find(name).Group();
        }
    }

    /// <summary>Gets a group by its name, without regard to case.</summary>
    /// <param name="name">The name.</param>
    /// <param name="group">The group.</param>
    /// <returns>False if there is no such group.</returns>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">No group was made yet, and the settings of some group are invalid; it names all that is wrong with any.</exception>
    /// <exception cref="ObjectDisposedException">The group was never made, and the app has ended.</exception>
    public bool TryGet(string name, [NotNullWhen(true)] out FailoverGroup? group)
    {
        ArgumentNullException.ThrowIfNull(name);
        group = _registry.TryFind(name)?.Group();
        return group is not null;
    }

    /// <summary>Returns every group in the order of <see cref="Names"/>; makes those that are not made yet.</summary>
    public IEnumerator<FailoverGroup> GetEnumerator() => Names.Select(name => this[name]).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
