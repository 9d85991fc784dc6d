using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace Failover;

/// <summary>What describes a group in code while the app is set up, whatever its kind. Packages that add to groups of another package extend it.</summary>
[Experimental("FAILOVER001")]
public interface IGroupDescription
{
    /// <summary>Gets the name of the group.</summary>
    string Name { get; }

    /// <summary>Gets the services of the app.</summary>
    IServiceCollection Services { get; }
}
