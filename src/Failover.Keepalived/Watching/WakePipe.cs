using System.IO.Pipes;

namespace Failover.Keepalived.Watching;

/// <summary>Wakes a thread that waits in <c>poll</c>.</summary>
internal sealed class WakePipe : IDisposable
{
    private readonly AnonymousPipeServerStream _sender = new(PipeDirection.Out, HandleInheritability.None);
    private readonly AnonymousPipeClientStream _receiver;

    internal WakePipe() => _receiver = new(PipeDirection.In, _sender.ClientSafePipeHandle);

    internal int Descriptor => (int)_receiver.SafePipeHandle.DangerousGetHandle();

    internal void Wake() => _sender.WriteByte(1);

    public void Dispose()
    {
        _receiver.Dispose();
        _sender.Dispose();
    }
}
