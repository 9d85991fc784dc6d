using System.Globalization;

namespace Failover.Keepalived.Watching;

/// <summary>A line of keepalived's notify FIFO: <c>INSTANCE "VI_1" MASTER 250</c>.</summary>
/// <param name="Kind">INSTANCE or GROUP.</param>
/// <param name="Name">The name of the instance or group.</param>
/// <param name="Word">What it says: MASTER, BACKUP, FAULT, STOP, DELETED, MASTER_PRIORITY …</param>
/// <param name="Priority">The number behind it; null if it is none.</param>
internal sealed record FifoLine(string Kind, string Name, string Word, int? Priority)
{
    internal const int Longest = 512;

    /// <summary>Reads a line; null if it is none.</summary>
    internal static FifoLine? Read(string line)
    {
        int open = line.IndexOf('"', StringComparison.Ordinal), close = line.LastIndexOf('"');
        if (line.Length > Longest || open < 2 || close <= open || line[..open].Trim() is not ("INSTANCE" or "GROUP") || line[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var word, .. var rest])
        {
            return null;
        }

        return new(line[..open].Trim(), line[(open + 1)..close], word, rest is [var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int priority) ? priority : null);
    }
}
