using System.Text;

namespace Failover.Redis.Tests.Resp;

/// <summary>A stream that gives its text a few bytes at a time.</summary>
internal sealed class DripStream(string text, int step) : MemoryStream(Encoding.UTF8.GetBytes(text))
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(step, buffer.Length)], cancellationToken);
}
