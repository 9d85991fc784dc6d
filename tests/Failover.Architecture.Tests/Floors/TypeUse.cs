namespace Failover.Architecture.Tests.Floors;

/// <summary>One type names another; folders are those of their source files, under the package's folder.</summary>
internal sealed record TypeUse(string User, string UserFolder, string Used, string UsedFolder);
