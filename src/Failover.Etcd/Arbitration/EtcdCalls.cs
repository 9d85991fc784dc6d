using System.Text.Json;
using Failover.Etcd.Client;

namespace Failover.Etcd.Arbitration;

/// <summary>
/// Calls etcd, whichever endpoint answers: one that does not is left for the next, within one call. So a call may have been carried out before and is sent again; each is made such that this does no harm. Safe for any thread.
/// </summary>
internal sealed class EtcdCalls(Func<EtcdOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>How many endpoints in a row may be silent within one limit.</summary>
    private const int Share = 3;

    private readonly Lock _gate = new();
    private EtcdOptions? _settings;
    private EtcdClient? _client;
    private bool _isDisposed;

    /// <summary>Makes one call.</summary>
    /// <param name="path">What to call.</param>
    /// <param name="body">The message.</param>
    /// <param name="limit">After which the caller loses interest. No endpoint gets the whole of it, unless it is the only one.</param>
    /// <param name="read">Reads the answer. What it cannot read counts as none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="EtcdException">What was named is missing, or is there already: <see cref="EtcdFault"/>.</exception>
    /// <exception cref="LeaseStoreException">No endpoint has done what was asked for. Whether it was carried out is not known.</exception>
    internal async Task<T> CallAsync<T>(string path, byte[] body, TimeSpan limit, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        EtcdClient client = Client();
        TimeSpan share = client.Count == 1 ? limit : limit / Share;
        for (int tried = 1; ; tried++)
        {
            Uri endpoint = client.Current;
            try
            {
                using JsonDocument answer = await client.CallAsync(endpoint, path, body, share < client.Options.Timeout ? share : client.Options.Timeout, cancellationToken).ConfigureAwait(false);
                return Read(answer.RootElement, read);
            }
            catch (EtcdException fault) when (fault.Fault is not (EtcdFault.Missing or EtcdFault.Exists))
            {
                client.Leave(endpoint);
                if (tried >= client.Count)
                {
                    throw new LeaseStoreException($"etcd at {endpoint.Authority}: {fault.Message}", fault);
                }
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _client?.Dispose();
        }
    }

    private static T Read<T>(JsonElement answer, Func<JsonElement, T> read)
    {
        try
        {
            return read(answer);
        }
        catch (Exception error) when (error is InvalidOperationException or KeyNotFoundException)
        {
            throw EtcdMessages.Unreadable();
        }
    }

    private EtcdClient Client()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(EtcdLeaseStore));
            EtcdOptions now = options();
            if (_client is not null && ReferenceEquals(now, _settings))
            {
                return _client;
            }

            if (now.Endpoints.Count == 0)
            {
                throw new LeaseStoreException("etcd: no endpoint is named any more");
            }

            EtcdClient? before = _client;
            try
            {
                _client = new EtcdClient(now, time);
            }
            catch (EtcdException fault)
            {
                // A certificate that is being replaced: what is in force stays so.
                return before ?? throw new LeaseStoreException($"etcd: {fault.Message}", fault);
            }

            _settings = now;
            before?.Dispose();
            return _client;
        }
    }
}
