using System.Buffers.Text;
using System.Text;

namespace Failover.Keepalived.Watching;

/// <summary>A line that keepalived writes to its FIFO: <c>INSTANCE "VI_1" MASTER 100</c>.</summary>
/// <param name="IsGroup">Whether it is about a group of instances.</param>
/// <param name="Name">Whom it is about.</param>
/// <param name="Word">What it says.</param>
/// <param name="Priority">The effective priority; null if none is told.</param>
internal readonly record struct FifoLine(bool IsGroup, string Name, VrrpWord Word, int? Priority)
{
    /// <summary>Whether it tells a state, and not only a priority or what was heard.</summary>
    internal bool IsState => Word <= VrrpWord.Deleted;

    /// <summary>Reads a line, without its end; null if it is none of keepalived's.</summary>
    internal static FifoLine? Read(ReadOnlySpan<byte> line)
    {
        line = line.TrimEnd(" \r\t"u8);
        bool isGroup = line.StartsWith("GROUP \""u8);
        if (!isGroup && !line.StartsWith("INSTANCE \""u8))
        {
            return null;
        }

        line = line[(line.IndexOf((byte)'"') + 1)..];
        int end = line.IndexOf((byte)'"');
        if (end < 1 || !line[(end + 1)..].StartsWith(" "u8))
        {
            return null;
        }

        ReadOnlySpan<byte> said = line[(end + 2)..];
        int space = said.IndexOf((byte)' ');
        return WordOf(space < 0 ? said : said[..space]) is { } word && TryPriority(space < 0 ? [] : said[(space + 1)..], out int? priority)
            ? new(isGroup, Encoding.UTF8.GetString(line[..end]), word, priority)
            : null;
    }

    private static bool TryPriority(ReadOnlySpan<byte> text, out int? priority)
    {
        priority = null;
        if (text.IsEmpty)
        {
            return true;
        }

        bool isNumber = Utf8Parser.TryParse(text, out byte number, out int used) && used == text.Length;
        priority = number;
        return isNumber;
    }

    private static VrrpWord? WordOf(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("MASTER"u8) ? VrrpWord.Master
        : text.SequenceEqual("BACKUP"u8) ? VrrpWord.Backup
        : text.SequenceEqual("FAULT"u8) ? VrrpWord.Fault
        : text.SequenceEqual("STOP"u8) ? VrrpWord.Stop
        : text.SequenceEqual("DELETED"u8) ? VrrpWord.Deleted
        : text.SequenceEqual("MASTER_RX_LOWER_PRI"u8) ? VrrpWord.HeardLowerMaster
        : text.SequenceEqual("MASTER_PRIORITY"u8) ? VrrpWord.MasterPriority
        : text.SequenceEqual("BACKUP_PRIORITY"u8) ? VrrpWord.BackupPriority
        : null;
}
