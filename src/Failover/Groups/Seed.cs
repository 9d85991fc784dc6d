using System.Security.Cryptography;

namespace Failover.Groups;

/// <summary>The seed of a group's jitter, different in each process: clients that move together would be worse than none.</summary>
internal static class Seed
{
    internal static ulong New()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return BitConverter.ToUInt64(bytes);
    }
}
