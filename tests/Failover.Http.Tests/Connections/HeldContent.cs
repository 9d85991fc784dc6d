using System.Net;
using System.Text;

namespace Failover.Http.Tests.Connections;

/// <summary>Content of which the first byte is sent at once, and the rest when somebody says so.</summary>
internal sealed class HeldContent(Task rest, int length) : HttpContent
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task Begun => _begun.Task;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        byte[] content = Encoding.ASCII.GetBytes(new string('x', length));
        await stream.WriteAsync(content.AsMemory(0, 1));
        await stream.FlushAsync();
        _begun.TrySetResult();
        await rest;
        await stream.WriteAsync(content.AsMemory(1));
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }
}
