namespace Failover.Scenarios.Reports;

/// <summary>Lines of cells, each column as wide as its widest.</summary>
internal static class TextTable
{
    /// <summary>Prints lines; what names them, the first two cells, stands left, what was counted right.</summary>
    internal static void Print(string[][] lines)
    {
        int[] widths = [.. lines[0].Select((_, column) => lines.Max(line => line[column].Length))];
        foreach (string[] line in lines)
        {
            Console.WriteLine(string.Join("  ", line.Select((cell, column) => column < 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))));
        }
    }
}
