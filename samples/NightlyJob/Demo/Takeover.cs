namespace NightlyJob.Demo;

/// <summary>Another went on where one had to leave off.</summary>
/// <param name="From">Who had to.</param>
/// <param name="Fault">What had happened to it.</param>
/// <param name="Time">How long after that the first act of the other came in.</param>
internal sealed record Takeover(string From, string Fault, TimeSpan Time);
