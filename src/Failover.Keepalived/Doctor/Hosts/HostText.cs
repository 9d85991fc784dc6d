using System.Text;

namespace Failover.Keepalived.Doctor.Hosts;

/// <summary>Reads files and folders, of which some may go or be forbidden meanwhile.</summary>
internal static class HostText
{
    private const int MaxNames = 10_000;

    /// <summary>The text of a file; null if it cannot be read, or is longer. Files of /proc have no length beforehand.</summary>
    internal static string? Read(string path, int maxBytes)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] content = new byte[maxBytes + 1];
            int length = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            return length > maxBytes ? null : Encoding.UTF8.GetString(content, 0, length);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal static IReadOnlyList<string> List(string directory)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(directory).Take(MaxNames).Select(static path => Path.GetFileName(path))];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
