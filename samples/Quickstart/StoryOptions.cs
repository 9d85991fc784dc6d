namespace Quickstart;

/// <summary>How long the parts of the story take.</summary>
internal sealed record StoryOptions
{
    internal static readonly StoryOptions Full = new();

    /// <summary>For tests: the same story in half the time.</summary>
    internal static readonly StoryOptions Short = new()
    {
        Calm = TimeSpan.FromSeconds(1.5),
        Faulty = TimeSpan.FromSeconds(3),
        Flap = TimeSpan.FromSeconds(0.5),
        HoldDown = TimeSpan.FromSeconds(1),
        ProbeInterval = TimeSpan.FromSeconds(0.5),
    };

    /// <summary>Gets how long traffic flows before the first fault and after each switchback.</summary>
    internal TimeSpan Calm { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets how long each fault lasts.</summary>
    internal TimeSpan Faulty { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets how long a flapping primary refuses, and how long it then serves.</summary>
    internal TimeSpan Flap { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets how long it serves at most, however busy the machine is. Shorter than the hold-down, so that it is never healthy for as long as the group asks for.</summary>
    internal TimeSpan LongestUp => Flap * 1.5;

    /// <summary>Gets how often it does so.</summary>
    internal int Flaps { get; init; } = 3;

    /// <summary>Gets how long the primary must have been healthy before the group goes back to it.</summary>
    internal TimeSpan HoldDown { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets the longest wait between two probes of a dead server, and of one that is coming back.</summary>
    internal TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets whether the client knows the primary only, as it would without this library: to see the difference.</summary>
    internal bool WithoutFailover { get; init; }
}
