using System.Globalization;
using Failover.TestServers.Virtual;

namespace VirtualIp.Demo;

/// <summary>Prints lines with the time since the story began.</summary>
internal sealed class Screen
{
    private readonly TimeSpan _start = VirtualSite.Now;

    internal void Tell(FormattableString words) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(VirtualSite.Now - _start).TotalSeconds,5:0.0} s  {words.ToString(CultureInfo.InvariantCulture)}"));
}
