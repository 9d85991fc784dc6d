namespace Failover.HealthChecks.Checks.DiskSpace;

/// <summary>Finds out whether a folder takes writes, by writing.</summary>
internal static class ProbeFile
{
    private const int Length = 4096;

    /// <exception cref="IOException">The disk is full, read-only or broken, or gave back something else.</exception>
    /// <exception cref="UnauthorizedAccessException">The app may not write there.</exception>
    internal static void WriteAndReadBack(string folder)
    {
        string path = Path.Combine(folder, $".failover-health-{Guid.NewGuid():N}");
        using FileStream file = new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, bufferSize: 0);

        // From here on no crash leaves it behind.
        File.Delete(path);
        byte[] written = new byte[Length];
        Guid.NewGuid().TryWriteBytes(written);
        Guid.NewGuid().TryWriteBytes(written.AsSpan(Length - 16));
        file.Write(written);
        file.Flush(flushToDisk: true);
        byte[] read = new byte[Length];
        file.Position = 0;
        file.ReadExactly(read);
        if (!read.AsSpan().SequenceEqual(written))
        {
            throw new IOException("what was read is not what was written");
        }
    }
}
