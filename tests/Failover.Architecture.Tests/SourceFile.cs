namespace Failover.Architecture.Tests;

/// <summary>A file of src/: its name from the root of the repository, like <c>src/Failover/Engine/GroupFold.cs</c>, and its text.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    internal string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    internal string Package => Path.Split('/')[1];

    internal string[] Lines => Text.Split('\n');
}
