using System.Net.Sockets;
using System.Threading.Channels;
using Failover.Keepalived.SplitBrain;

namespace Failover.Keepalived.Tests.SplitBrain;

/// <summary>A wire on which the test says what is heard, and that tells what was sent.</summary>
internal sealed class FakeWire(Action<Sight> heard, Action<string> lost) : IWire
{
    private readonly Channel<string> _sent = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource _disposed = new();

    public string Link => "eth0";

    /// <summary>Gets or sets whether sending fails.</summary>
    internal bool IsBroken { get; set; }

    internal Task Disposed => _disposed.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public void Probe() => Send("probe");

    public void Announce() => Send("announce");

    public ValueTask DisposeAsync()
    {
        _disposed.TrySetResult();
        return default;
    }

    internal void Hear(Sight sight) => heard(sight);

    internal void Lose(string why) => lost(why);

    /// <summary>What is sent next.</summary>
    internal Task<string> SentAsync() => _sent.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    internal bool HasSent => _sent.Reader.Count > 0;

    private void Send(string what)
    {
        if (IsBroken)
        {
            throw new SocketException((int)SocketError.NetworkDown);
        }

        _sent.Writer.TryWrite(what);
    }
}
