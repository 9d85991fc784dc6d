namespace Failover.Keepalived.Tests.SplitBrain;

/// <summary>Packets as a capture shows them.</summary>
internal static class Bytes
{
    internal static byte[] Of(string hex) => Convert.FromHexString(string.Concat(hex.Where(char.IsAsciiHexDigit)));

    /// <summary>The packet with one byte changed.</summary>
    internal static byte[] With(this byte[] packet, int at, byte value)
    {
        byte[] copy = [.. packet];
        copy[at] = value;
        return copy;
    }

    /// <summary>Noise that begins as a real packet does, so that some of it gets far. The same each time.</summary>
    internal static IEnumerable<byte[]> Noise(byte[] packet)
    {
        Random random = new(77);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] noise = new byte[random.Next(0, 120)];
            random.NextBytes(noise);
            packet.AsSpan(0, Math.Min(noise.Length, random.Next(0, packet.Length))).CopyTo(noise);
            yield return noise;
        }
    }
}
