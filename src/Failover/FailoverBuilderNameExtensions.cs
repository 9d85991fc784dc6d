using System.Diagnostics.CodeAnalysis;
using Failover;
using Failover.Registration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what moves when a name of DNS leads elsewhere.</summary>
[Experimental("FAILOVER001")]
public static class FailoverBuilderNameExtensions
{
    /// <summary>Adds what moves connections when a name leads elsewhere. That <c>AddDnsFollower()</c> of Failover.DnsSwitching is called too is checked when the host starts.</summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="create">Makes it, once.</param>
    public static IFailoverBuilder AddNamePoolMover(this IFailoverBuilder builder, Func<IServiceProvider, INamePoolMover> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);
        builder.Services.AddSingleton(create);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, NameMoversCheck>());
        return builder;
    }
}
