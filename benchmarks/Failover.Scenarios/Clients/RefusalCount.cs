using System.Diagnostics.Metrics;

namespace Failover.Scenarios.Clients;

/// <summary>Counts the requests that our own client did not send again because its retry budget was empty: by what it tells of itself, like anybody's dashboard.</summary>
internal sealed class RefusalCount : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _value;

    internal RefusalCount()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "Failover", Name: "failover.http.replays.refused" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, measured, _, _) => Interlocked.Add(ref _value, measured));
        _listener.Start();
    }

    internal int Value => (int)Interlocked.Read(ref _value);

    public void Dispose() => _listener.Dispose();
}
