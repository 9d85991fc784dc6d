using System.Diagnostics;
using System.Globalization;

namespace DnsPair.Demo;

/// <summary>The time since the demo began, and what is printed with it.</summary>
internal sealed class Clock
{
    private readonly long _born = Stopwatch.GetTimestamp();
    private readonly Lock _gate = new();

    internal TimeSpan Now => Stopwatch.GetElapsedTime(_born);

    internal void Say(string words)
    {
        lock (_gate)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Now.TotalSeconds,5:0.0} s  {words}"));
        }
    }
}
