namespace SessionsSurvive.Telling;

/// <summary>One click of the user, which counts one up in her session.</summary>
/// <param name="Sent">When, as of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="Ended">When the answer was there.</param>
/// <param name="Count">What the session counted; null if the answer was another.</param>
/// <param name="IsLoggedOut">Whether the answer was to log in.</param>
/// <param name="Words">What the answer was, if not a number.</param>
internal sealed record Click(long Sent, long Ended, int? Count, bool IsLoggedOut, string? Words);

/// <summary>A message that was said on one node.</summary>
/// <param name="Text">What was said; each is said once.</param>
/// <param name="Sent">When.</param>
/// <param name="Words">Why it could not be sent; null if it could.</param>
internal sealed record Message(string Text, long Sent, string? Words);
