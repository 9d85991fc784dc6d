using System.Diagnostics;
using System.Globalization;

namespace Failover.Scenarios.Servers;

/// <summary>A process that burns one core: this program, started again. It ends when its time is over, or when the process that started it does.</summary>
internal sealed class CpuHog : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    private CpuHog(Process process) => _process = process;

    /// <summary>How much of a processor it has used.</summary>
    internal TimeSpan Burned
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <param name="length">How long it is needed.</param>
    internal static CpuHog Start(TimeSpan length) => new(ChildProcess.Start("hog", ((int)(length + Grace).TotalSeconds).ToString(CultureInfo.InvariantCulture)));

    /// <summary>Burns every core of the machine for a while: one hog each, as fast as it can.</summary>
    /// <returns>How many cores they had.</returns>
    internal static async Task<double> BurnAllAsync(TimeSpan length)
    {
        CpuHog[] hogs = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Start(length))];
        try
        {
            long begun = Stopwatch.GetTimestamp();
            await Task.Delay(length);
            return Math.Round(hogs.Aggregate(TimeSpan.Zero, static (sum, hog) => sum + hog.Burned) / Stopwatch.GetElapsedTime(begun), 2);
        }
        finally
        {
            Array.ForEach(hogs, static hog => hog.Dispose());
        }
    }

    /// <summary>The child's side.</summary>
    internal static int Run(int seconds)
    {
        new Thread(Burn) { IsBackground = true }.Start();
        Task.Run(Console.In.ReadLine).Wait(TimeSpan.FromSeconds(seconds));
        return 0;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    /// <summary>Ends with the process.</summary>
    private static void Burn()
    {
        while (true)
        {
        }
    }
}
