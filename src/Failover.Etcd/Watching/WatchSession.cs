using Failover.Etcd.Client;

namespace Failover.Etcd.Watching;

/// <summary>One watch at one endpoint. The endpoint has to answer a read every now and then: a watch that is silent since its endpoint is frozen looks like one that has nothing to say. For one reader.</summary>
internal sealed class WatchSession : IDisposable
{
    /// <summary>How much a watch may tell between two checks. A key that changes hands tells two messages.</summary>
    private const int MaxMessages = 1000;

    private readonly EtcdClient _client;
    private readonly EtcdWatch _watch;
    private readonly string _key;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ending = new();
    private Task<WatchMessage>? _message;
    private Task<EtcdKey>? _check;
    private KeyState _state;
    private long _revision;
    private int _messages;
    private bool _isBehind;

    private WatchSession(EtcdClient client, Uri endpoint, EtcdWatch watch, string key, EtcdKey read, TimeProvider time)
    {
        (_client, Endpoint, _watch, _key, _time) = (client, endpoint, watch, key, time);
        (_state, _revision) = (read.State, read.Revision);
    }

    /// <summary>Gets where it is.</summary>
    internal Uri Endpoint { get; }

    /// <summary>Gets whether the watch has told something, or has lasted until a check: one that ends at once proves nothing.</summary>
    internal bool IsProven { get; private set; }

    /// <summary>Reads the key, and watches it from the next revision on.</summary>
    /// <exception cref="EtcdException">The endpoint in use does not let us.</exception>
    internal static async Task<(WatchSession Session, KeyState State)> BeginAsync(EtcdClient client, string key, TimeProvider time, CancellationToken cancellationToken)
    {
        Uri endpoint = client.Current;
        EtcdKey read = await client.RangeAsync(endpoint, key, cancellationToken).ConfigureAwait(false);
        EtcdWatch watch = await client.WatchAsync(endpoint, key, read.Revision + 1, cancellationToken).ConfigureAwait(false);
        return (new WatchSession(client, endpoint, watch, key, read, time), read.State);
    }

    /// <summary>Waits for the next message or the next check, whichever comes first, and returns what the key holds by then.</summary>
    /// <exception cref="EtcdException">The endpoint is to be left.</exception>
    internal async Task<KeyState> NextAsync(CancellationToken cancellationToken)
    {
        _message ??= _watch.ReadAsync(_ending.Token);
        _check ??= CheckAsync();
        await Task.WhenAny(_message, _check).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (_message.IsCompleted)
        {
            WatchMessage message = await _message.ConfigureAwait(false);
            _message = null;
            if (++_messages > MaxMessages)
            {
                throw new EtcdException("its watch does not stop telling", EtcdFault.Unreachable);
            }

            if (message.State is { } told)
            {
                (_state, _revision, _isBehind, IsProven) = (told, message.Revision, false, true);
            }

            return _state;
        }

        EtcdKey read = await _check.ConfigureAwait(false);
        _check = null;
        _messages = 0;
        if (_isBehind)
        {
            throw new EtcdException("its watch tells no changes", EtcdFault.Unreachable);
        }

        // What was read before the last message is of no use. Else the watch may be a moment late: at the next check it must have told what was read here.
        if (read.Revision >= _revision && read.State != _state)
        {
            (_state, _isBehind) = (read.State, true);
        }

        IsProven = true;
        return _state;
    }

    /// <summary>Closes the connection. What is under way ends, and nobody waits for it.</summary>
    public void Dispose()
    {
        _ending.Cancel();
        _watch.Dispose();
        Forget(_message);
        Forget(_check);
    }

    private async Task<EtcdKey> CheckAsync()
    {
        await Task.Delay(_client.Options.CheckInterval, _time, _ending.Token).ConfigureAwait(false);
        return await _client.RangeAsync(Endpoint, _key, _ending.Token).ConfigureAwait(false);
    }

    /// <summary>So that its exception counts as seen.</summary>
    private static void Forget(Task? task) =>
        task?.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
