namespace Failover.Scenarios.Faults;

/// <summary>The bars for people.</summary>
internal static class BarList
{
    /// <summary>Prints each, with the fault that it is of.</summary>
    /// <returns>0 if all were kept.</returns>
    internal static int Print(IEnumerable<(string Fault, Bar Bar)> bars)
    {
        bool isKept = true;
        foreach ((string fault, Bar bar) in bars)
        {
            isKept &= bar.IsKept;
            Console.WriteLine($"{(bar.IsKept ? "kept  " : "MISSED")}  {fault}, {bar.Text}");
        }

        return isKept ? 0 : 1;
    }
}
