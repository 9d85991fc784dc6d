using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Failover.Registration;

/// <summary>
/// Tells when a file of the configuration was changed into one that cannot be read. The provider of such a file forgets all that the file said, and throws where nobody hears it: no change is ever told.
/// It only listens; what the app itself wants to hear of such a fault, it still hears, and what becomes of the fault is up to the app.
/// </summary>
internal sealed class FileFaults : IDisposable
{
    private readonly List<(FileConfigurationSource Source, Action<FileLoadExceptionContext>? Before, Action<FileLoadExceptionContext> Mine)> _heard = [];
    private volatile bool _ended;

    /// <param name="configuration">The app's configuration.</param>
    /// <param name="tell">Called with what is wrong, and whether the app ignores that, on the thread that read the file. Must not throw.</param>
    internal FileFaults(IConfigurationRoot configuration, Action<string, bool> tell)
    {
        foreach (FileConfigurationSource source in Files(configuration).Select(provider => provider.Source).Distinct())
        {
            Action<FileLoadExceptionContext>? before = source.OnLoadException;
            void Hear(FileLoadExceptionContext fault)
            {
                try
                {
                    before?.Invoke(fault);
                }
                finally
                {
                    if (!_ended)
                    {
                        tell(Problem(fault), fault.Ignore);
                    }
                }
            }

            source.OnLoadException = Hear;
            _heard.Add((source, before, Hear));
        }
    }

    public void Dispose()
    {
        _ended = true;
        foreach ((FileConfigurationSource source, Action<FileLoadExceptionContext>? before, Action<FileLoadExceptionContext> mine) in _heard)
        {
            // Somebody may have listened after us, through us: then this stays, and is silent.
            if (source.OnLoadException == mine)
            {
                source.OnLoadException = before;
            }
        }
    }

    private static IEnumerable<FileConfigurationProvider> Files(IConfigurationRoot configuration) => configuration.Providers.SelectMany(provider => provider switch
    {
        FileConfigurationProvider file => [file],
        ChainedConfigurationProvider { Configuration: IConfigurationRoot inner } => Files(inner),
        _ => Enumerable.Empty<FileConfigurationProvider>(),
    });

    /// <summary>Made of type and place only: messages may quote the file, and so a secret.</summary>
    private static string Problem(FileLoadExceptionContext fault)
    {
        Exception cause = fault.Exception.GetBaseException();
        string place = cause is JsonException { LineNumber: { } line } ? $", line {line + 1}" : "";
        return $"the file {fault.Provider.Source.Path} cannot be read ({cause.GetType().Name}{place})";
    }
}
