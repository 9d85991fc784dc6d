using System.Diagnostics.CodeAnalysis;
using Failover.Registration;
using Microsoft.Extensions.Primitives;

namespace Failover;

/// <summary>
/// The options in force of a section beside <c>Groups</c>: the newest that were valid. A singleton for each section that was registered with <c>AddSection</c>; safe for any thread. Unlike <c>IOptionsMonitor</c> it goes on working
/// after an invalid change of the configuration.
/// </summary>
/// <typeparam name="TOptions">The options type.</typeparam>
[Experimental("FAILOVER001")]
public sealed class LastGoodSection<TOptions>
    where TOptions : class, new()
{
    private readonly SectionEntry<TOptions> _entry;

    internal LastGoodSection(SectionEntry<TOptions> entry) => _entry = entry;

    /// <summary>Gets the options in force. The object is not changed later; a change of the configuration puts another one in its place. Treat it as read-only.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">Nothing was read before, and some settings of Failover are invalid; it names all that is wrong with any.</exception>
    public TOptions Current => _entry.Current;

    /// <summary>Gets why the last change of the configuration is not in force, each problem a sentence; null if it is. It bears no secret.</summary>
    public string? Problem => _entry.Problem;

    /// <summary>Returns a token that fires once, when <see cref="Current"/> or <see cref="Problem"/> may have changed. Take the token first, then read. Callbacks run on the thread that changes the configuration: they must be short.</summary>
    public IChangeToken GetChangeToken() => _entry.Token;
}
