using Failover.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Failover.AspNetCore.Draining;

/// <summary>Drains the node as long as a file exists. It is looked for, and not watched: file watches are lost with the folder, and do not work on every file system.</summary>
internal sealed class DrainFile(NodeDrain drain, LastGoodSection<DrainingOptions> options, IHostEnvironment environment, TimeProvider time, ILogger<DrainFile> logger) : IDisposable
{
    private const string Reason = "file";

    private readonly Lock _gate = new();
    private ITimer? _timer;
    private string? _path;
    private bool _ended;

    /// <summary>Looks for the file now, and from now on.</summary>
    internal void Begin()
    {
        Look();
        lock (_gate)
        {
            if (!_ended)
            {
                _timer = time.CreateTimer(static file => ((DrainFile)file!).LookAgain(), this, options.Current.FilePeriod, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            _timer?.Dispose();
        }
    }

    // Armed anew after each look: one that takes long, on a network file system, is not doubled.
    private void LookAgain()
    {
        try
        {
            Look();
        }
#pragma warning disable CA1031 // Who hears of the drain threw, or the path cannot be used: the file is looked for again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.DrainFileFailed(logger, exception.GetType().Name);
        }

        lock (_gate)
        {
            if (!_ended)
            {
                _timer?.Change(options.Current.FilePeriod, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Look()
    {
        string? path = options.Current.File is { } file ? Path.GetFullPath(file, environment.ContentRootPath) : null;
        if (path != _path)
        {
            _path = path;
            if (path is not null)
            {
                Log.DrainFileWatched(logger, path);
            }
        }

        if (Path.Exists(path))
        {
            drain.Begin(Reason);
        }
        else
        {
            drain.End(Reason);
        }
    }
}
