using System.Collections.Concurrent;
using System.Security.Cryptography;
using Failover.Groups;
using Failover.Leases;
using Failover.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Failover;

/// <summary>
/// An arbiter over a store of leases. It counts how long a lease is valid from before the request was sent, less the margin; renews it each third of its duration; and tells its loss by its own timer, without any network. While the store is away
/// nothing is granted, and what is held is kept until it runs out. Safe for any thread.
/// </summary>
public sealed class LeaseArbiter : IArbiter
{
    /// <summary>All who wait are told at once that a lease is free: they do not all ask at once. In milliseconds.</summary>
    private const int MaxSpread = 12;

    /// <summary>The same where the store told it at once: one that does so each time, although the lease is held, is not asked without a pause. In milliseconds.</summary>
    private const int MaxSpreadAtOnce = 60;

    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(100);

    /// <summary>How soon a lease is asked for again that runs out at this moment.</summary>
    private static readonly TimeSpan ShortestRetry = TimeSpan.FromMilliseconds(10);

    private readonly ILeaseStore _store;
    private readonly Func<LeaseOptions> _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, TimeSpan> _retryAfter = new(StringComparer.Ordinal);

    /// <summary>Initializes an arbiter.</summary>
    /// <param name="store">Where the leases are kept. The arbiter does not own it.</param>
    /// <param name="options">How long a lease lasts. Do not change it later.</param>
    /// <exception cref="OptionsValidationException">A setting is out of its range; it names all that are.</exception>
    public LeaseArbiter(ILeaseStore store, LeaseOptions options)
        : this(store, options, TimeProvider.System, NullLoggerFactory.Instance)
    {
    }

    /// <inheritdoc cref="LeaseArbiter(ILeaseStore, LeaseOptions)"/>
    /// <param name="store">Where the leases are kept. The arbiter does not own it.</param>
    /// <param name="options">How long a lease lasts. Do not change it later.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where it logs, as category <c>Failover.LeaseArbiter</c>.</param>
    public LeaseArbiter(ILeaseStore store, LeaseOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        IReadOnlyList<string> problems = LeaseOptionsKeys.Problems("LeaseOptions", options);
        if (problems.Count > 0)
        {
            throw new OptionsValidationException("LeaseOptions", typeof(LeaseOptions), problems);
        }

        (_store, _options, _time, _logger) = (store, () => options, time, new SafeLogger(loggers.CreateLogger<LeaseArbiter>()));
    }

    /// <summary>For options that were checked, and may be others at the next ask.</summary>
    internal LeaseArbiter(ILeaseStore store, Func<LeaseOptions> options, TimeProvider time, ILoggerFactory loggers) =>
        (_store, _options, _time, _logger) = (store, options, time, new SafeLogger(loggers.CreateLogger<LeaseArbiter>()));

    /// <summary>Gets the settings in force for the next ask.</summary>
    internal LeaseOptions Options => _options();

    /// <inheritdoc/>
    /// <exception cref="LeaseStoreException">The store could not be asked, or did not answer in time.</exception>
    public async ValueTask<ILease?> TryAcquireAsync(string resource, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(resource);
        return (await AskAsync(resource, settles: true, cancellationToken).ConfigureAwait(false)).Lease;
    }

    /// <inheritdoc/>
    public async ValueTask WaitAsync(string resource, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(resource);
        TimeSpan limit = _options().RetryInterval;
        if (_retryAfter.TryGetValue(resource, out TimeSpan left) && left < limit)
        {
            limit = left;
        }

        long since = _time.GetTimestamp();
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        CancellationToken token = ending.Token;
        Task pause = Task.Delay(limit, _time, token);
        Task change = Task.Run(async () => await _store.WaitForChangeAsync(resource, token).ConfigureAwait(false), CancellationToken.None);
        Task first = await Task.WhenAny(pause, change).ConfigureAwait(false);
        if (first == change)
        {
            // A store that cannot wait is asked at its interval.
            int spread = _time.GetElapsedTime(since) < AtOnce ? MaxSpreadAtOnce : MaxSpread;
            await (change.IsCompletedSuccessfully ? Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(1, spread)), _time, token) : pause).ConfigureAwait(false);
        }

        // What a store has registered there is foreign code.
        await ending.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ = change.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Asks once; where it is not granted, tells who holds it, as far as the store tells.</summary>
    internal async Task<(LeaseRun? Lease, string? Holder)> AskAsync(string resource, bool settles, CancellationToken cancellationToken)
    {
        LeaseOptions options = _options();
        var run = new LeaseRun(_store, new(resource, options.Holder, Guid.NewGuid(), options.Duration) { Settles = settles }, new(options.Duration, options.EffectiveMargin), _time, _logger);
        if (await run.AskAsync(cancellationToken).ConfigureAwait(false) is not { } refused)
        {
            _retryAfter.TryRemove(resource, out _);
            return (run, null);
        }

        if (refused.Answer is not { } answer)
        {
            _retryAfter.TryRemove(resource, out _);
            throw new LeaseStoreException(refused.Evidence ?? LeaseFold.TooLate);
        }

        if (answer.RetryAfter is { } left)
        {
            // What was held when the store looked may have run out by the time that it told for how long.
            _retryAfter[resource] = left > ShortestRetry ? left : ShortestRetry;
        }
        else
        {
            _retryAfter.TryRemove(resource, out _);
        }

        return (null, answer.Holder);
    }

    internal static string EvidenceOf(Exception exception) => exception is LeaseStoreException told ? told.Message : Evidence.Of(exception);
}
