namespace Quickstart;

/// <summary>A part of the story: something happens to the primary, and traffic goes on.</summary>
/// <param name="Name">What it is called on the screen.</param>
/// <param name="Fault">What is wrong with the primary meanwhile.</param>
/// <param name="PlayAsync">Makes it happen, and returns when the phase is over.</param>
internal sealed record Phase(string Name, Fault Fault, Func<CancellationToken, Task> PlayAsync);

/// <summary>What is wrong with the primary.</summary>
internal enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its process is gone.</summary>
    Killed,

    /// <summary>It answers 503 to everything.</summary>
    Refusing,

    /// <summary>It is stopped: its connections stay open, and nothing answers.</summary>
    Frozen,

    /// <summary>It refuses and serves by turns.</summary>
    Flapping,
}
