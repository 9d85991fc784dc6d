namespace Failover.Simulation.Reporting;

/// <summary>Keeps a report beside the build's other results.</summary>
internal static class ArtifactFile
{
    internal static void Write(string name, string text)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && folder.Name != "artifacts")
        {
            folder = folder.Parent;
        }

        File.WriteAllText(Path.Combine(folder?.FullName ?? AppContext.BaseDirectory, name), text);
    }
}
