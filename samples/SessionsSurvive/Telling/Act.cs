namespace SessionsSurvive.Telling;

/// <summary>A part of the story: something happens to Redis, and Ada goes on.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Began">When it began, as of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="Followed">When both nodes had the master that there was afterwards.</param>
/// <param name="Master">Who that was.</param>
internal sealed record Act(string Name, long Began, long Followed, string Master);
