namespace SessionsSurvive.Telling;

/// <summary>A part of the story: something happens to Redis, and Ada goes on.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Began">When, as of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="Followed">When both nodes had the master that there was afterwards.</param>
/// <param name="From">Who was master before.</param>
/// <param name="To">Who is it afterwards.</param>
internal sealed record Act(ActKind Kind, long Began, long Followed, string From, string To);

internal enum ActKind
{
    /// <summary>Nothing happens.</summary>
    Calm,

    /// <summary>The master is moved as planned.</summary>
    Planned,

    /// <summary>The master is killed.</summary>
    Killed,

    /// <summary>The killed one is started again: empty, and a master by its own word.</summary>
    Returned,
}
