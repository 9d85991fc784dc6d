using System.Diagnostics.CodeAnalysis;

namespace Failover;

/// <summary>The authority of a switcher could not be read. Thrown by <see cref="ISwitcher.ReadAsync"/>: unlike that of any other exception, its message is logged.</summary>
[Experimental("FAILOVER001")]
public sealed class SwitchReadException : Exception
{
    /// <summary>Initializes the exception.</summary>
    /// <param name="message">Why, for people. Never a secret.</param>
    public SwitchReadException(string message)
        : base(message)
    {
    }
}
