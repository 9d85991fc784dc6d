using System.Security.Cryptography;
using System.Text;
using Failover.DnsSwitching.Tsig;
using Failover.DnsSwitching.Wire;
using Failover.TestServers.Dns;

namespace Failover.DnsSwitching.Tests.Fakes;

/// <summary>Signs answers as servers do (RFC 8945 section 5.3), by other code than ours.</summary>
internal static class SignedAnswer
{
    internal static byte[] Of(byte[] answer, byte[] request, NameServerKey key, DateTimeOffset now)
    {
        byte[] asked = TsigRecord.Read(request, DnsMessage.Read(request).SignatureAt!.Value).Mac;
        byte[] time = BitConverter.GetBytes(now.ToUnixTimeSeconds()).Take(6).Reverse().ToArray();
        byte[] owner = Name(key.Name), algorithm = Name(key.Algorithm), timeAndFudge = [.. time, 1, 44];
        byte[] signed = [.. Short(asked.Length), .. asked, .. answer, .. owner, 0, 255, 0, 0, 0, 0, .. algorithm, .. timeAndFudge, 0, 0, 0, 0];
        byte[] mac = HMACSHA256.HashData(Convert.FromBase64String(key.Secret), signed);
        byte[] data = [.. algorithm, .. timeAndFudge, .. Short(mac.Length), .. mac, answer[0], answer[1], 0, 0, 0, 0];
        return [.. answer[..10], 0, (byte)(answer[11] + 1), .. answer[12..], .. owner, 0, 250, 0, 255, 0, 0, 0, 0, .. Short(data.Length), .. data];
    }

    private static byte[] Name(string name) => [.. name.Split('.').SelectMany(static label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];

    private static byte[] Short(int value) => [(byte)(value >> 8), (byte)value];
}
