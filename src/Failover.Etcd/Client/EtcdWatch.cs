using System.Buffers;
using System.IO.Pipelines;

namespace Failover.Etcd.Client;

/// <summary>A watch that has begun: one JSON object a line, for as long as the connection lasts. For one reader.</summary>
internal sealed class EtcdWatch(HttpResponseMessage response, Stream stream) : IDisposable
{
    private readonly PipeReader _lines = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

    /// <summary>Waits for the next message.</summary>
    /// <exception cref="EtcdException">The watch is over, or cannot be read.</exception>
    internal async Task<WatchMessage> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read;
            try
            {
                read = await _lines.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (IOException)
            {
                throw new EtcdException("the watch broke off", EtcdFault.Unreachable);
            }

            ReadOnlySequence<byte> buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                WatchMessage message = EtcdMessages.ReadWatch(buffer.Slice(0, end));
                _lines.AdvanceTo(buffer.GetPosition(1, end));
                return message;
            }

            if (read.IsCompleted)
            {
                throw new EtcdException("the watch ended", EtcdFault.Unreachable);
            }

            if (buffer.Length > EtcdClient.MaxAnswer)
            {
                throw new EtcdException("its answer is too long", EtcdFault.Unreachable);
            }

            _lines.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose()
    {
        response.Dispose();
    }
}
