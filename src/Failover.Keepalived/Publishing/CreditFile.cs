using System.Globalization;

namespace Failover.Keepalived.Publishing;

/// <summary>The file that keepalived tracks. Written beside and renamed, so that it is never seen half written; and only its directory needs to be writable, since keepalived makes the file as root.</summary>
internal sealed class CreditFile(string path)
{
    private readonly string _written = $"{path}.{Environment.ProcessId}.tmp";

    internal string Path => path;

    /// <summary>Writes a value.</summary>
    /// <returns>Why it could not be, in words; null if it was.</returns>
    internal string? Write(int value)
    {
        try
        {
            File.WriteAllText(_written, string.Create(CultureInfo.InvariantCulture, $"{value}\n"));
            File.Move(_written, path, overwrite: true);
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return $"the directory of {path} is not there";
        }
        catch (UnauthorizedAccessException)
        {
            return $"the directory of {path} may not be written to by this user";
        }
        catch (IOException failure)
        {
            return $"{path} cannot be written ({failure.GetType().Name}, {failure.HResult:X8})";
        }
    }

    /// <summary>Returns the value that the file holds; null if it is not there, or holds none.</summary>
    internal int? Read()
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> text = stackalloc byte[32];
            int length = file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return int.TryParse(text[..length].TrimEnd((byte)'\n'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int held) ? held : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
