namespace Failover.Architecture.Tests.Packages;

/// <summary>What one package may know, and its event ids.</summary>
/// <param name="Id">The package.</param>
/// <param name="EventIds">The first of its block of 1000 event ids.</param>
/// <param name="Siblings">The packages of this repository that it may know.</param>
/// <param name="Vendors">How the names of the packages from outside begin that it may know.</param>
/// <param name="OnAspNetCore">Whether it may stand on the framework of ASP.NET Core.</param>
internal sealed record PackageRule(string Id, int EventIds, string[] Siblings, string[] Vendors, bool OnAspNetCore = false);
