namespace Failover.Groups;

/// <summary>Tells one publisher how fit this node is; of several changes during one call only the last is told.</summary>
internal sealed class FitnessTeller
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly IFitnessPublisher _publisher;
    private readonly GroupParts _parts;
    private readonly CancellationToken _stopping;
    private readonly SerialWorker<Fitness> _worker;
    private int? _percent;

    internal FitnessTeller(IFitnessPublisher publisher, GroupParts parts, CancellationToken stopping)
    {
        _publisher = publisher;
        _parts = parts;
        _stopping = stopping;
        _worker = new(1, static (_, later) => later, PublishAsync);
    }

    internal void Tell(GroupCondition condition, string? reason)
    {
        int percent = condition is GroupCondition.Settled or GroupCondition.Switching ? 100 : 0;
        if (_percent != percent)
        {
            _percent = percent;
            _worker.Post(new(percent, reason ?? TelemetryNames.Of(condition)));
        }
    }

    private async ValueTask PublishAsync(Fitness fitness)
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        try
        {
            using CancellationTokenSource limit = new(Limit, _parts.Time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping);
            await _publisher.PublishAsync(fitness, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            Log.FitnessPublisherFailed(_parts.Logger, _publisher.GetType().Name, _parts.Name, Evidence.Of(exception), exception.StackTrace);
        }
    }
}
