using Failover.Etcd.Client;
using Microsoft.Extensions.Logging;

namespace Failover.Etcd.Watching;

/// <summary>
/// Knows who holds a key, through all that may happen to etcd: it reads the key, watches it from there on, reads it again now and then, and goes to the next endpoint whenever something is not as it should be. For one reader.
/// </summary>
internal sealed class KeyFollower(Func<WatchSettings> settings, ILogger logger, TimeProvider time) : IDisposable
{
    private WatchSettings _settings;
    private EtcdClient? _client;
    private WatchSession? _session;
    private KeyState? _known;
    private int _failures;
    private Uri? _told;
    private bool _isLost;

    /// <summary>Waits until the key has changed hands: taken, given up, or run out. What happened while etcd could not be reached counts when it can be again; the first state seen is no change.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled. Nothing else ends it.</exception>
    internal Task NextChangeAsync(CancellationToken cancellationToken) => UntilAsync(static (before, seen) => before is { } known && known != seen, cancellationToken);

    /// <summary>Waits until the key is gone, or has changed hands. That the first look finds none counts; after it, only what changes does.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled. Nothing else ends it, and it may be asked again afterwards.</exception>
    internal Task GoneOrChangedAsync(CancellationToken cancellationToken) =>
        UntilAsync(static (before, seen) => before is { } known ? known != seen : seen == KeyState.Absent, cancellationToken);

    public void Dispose()
    {
        _session?.Dispose();
        _client?.Dispose();
    }

    private async Task UntilAsync(Func<KeyState?, KeyState, bool> isWanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string evidence;
            try
            {
                KeyState seen = await StepAsync(cancellationToken).ConfigureAwait(false);
                KeyState? before = _known;
                _known = seen;
                if (isWanted(before, seen))
                {
                    return;
                }

                continue;
            }
            catch (EtcdException fault)
            {
                evidence = fault.Message;
            }
#pragma warning disable CA1031 // Only our own cancellation ends the watch.
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                evidence = error.GetType().Name;
            }

            TimeSpan pause = Failed(evidence);
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits for one thing to happen, and returns what the key holds by then.</summary>
    private async Task<KeyState> StepAsync(CancellationToken cancellationToken)
    {
        WatchSettings now = settings();
        if (_client is null || now != _settings)
        {
            Dispose();
            (_client, _session) = (null, null);
            if (now.Key != _settings.Key)
            {
                _known = null;
            }

            _settings = now;
            _client = new EtcdClient(now.Options, time);
        }

        KeyState seen;
        if (_session is null)
        {
            (_session, seen) = await WatchSession.BeginAsync(_client, now.Key, time, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            seen = await _session.NextAsync(cancellationToken).ConfigureAwait(false);
            if (_session.IsProven)
            {
                Proven(_session.Endpoint);
            }
        }

        return seen;
    }

    private void Proven(Uri endpoint)
    {
        _failures = 0;
        if (_told != endpoint)
        {
            (_told, _isLost) = (endpoint, false);
            Log.Watched(logger, _settings.Key, endpoint.Authority);
        }
    }

    /// <summary>Leaves the endpoint, and returns how long to wait before the next is tried.</summary>
    private TimeSpan Failed(string evidence)
    {
        // Without a client, a certificate could not be read: that is nobody's endpoint.
        Uri? endpoint = _client?.Current;
        int endpoints = _client?.Count ?? 1;
        _session?.Dispose();
        _session = null;
        if (endpoint is not null)
        {
            _client!.Leave(endpoint);
            Log.EndpointLeft(logger, _settings.Key, endpoint.Authority, evidence);
        }

        if (++_failures >= endpoints && !_isLost)
        {
            (_told, _isLost) = (null, true);
            Log.NotWatched(logger, _settings.Key, endpoint?.Authority ?? "none", endpoints, evidence);
        }

        return Backoff.Jittered(Backoff.After(_failures, endpoints));
    }
}
