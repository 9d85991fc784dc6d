using Failover;
using Failover.Http;
using Failover.Http.Addresses;
using Failover.Http.Registration;
using Failover.Http.Replay;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers HTTP groups.</summary>
public static class FailoverHttpBuilderExtensions
{
    /// <summary>The kind, as it is written in configuration.</summary>
    private const string Kind = "Http";

    /// <summary>Registers the kind <c>Http</c>: each group of the configuration with <c>Kind: Http</c> is made of its <see cref="HttpGroupOptions"/>. May be called any number of times.</summary>
    /// <param name="builder">What <c>AddFailover(section)</c> returned.</param>
    public static IFailoverBuilder AddHttp(this IFailoverBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(static services => new HttpProbes(
            services.GetRequiredService<LastGoodOptions<HttpGroupOptions>>(),
            services,
            services.GetService<ILoggerFactory>()));
        return builder.AddKind(
            Kind,
            HttpGroupKeys.Table,
            static (services, group, options) =>
            {
                foreach (FailoverMember member in HttpGroupKeys.MembersOf(options))
                {
                    group.AddMember(member);
                }

                if (options.AllowInsecureMember)
                {
                    group.AllowInsecureMember();
                }

                group.CheckMembers(HttpAddress.WhyNot).UseProbe(services.GetRequiredService<HttpProbes>().Make(group.Name));
            },

            // The probe reads the options in force by itself.
            static (_, group, options) =>
            {
                RetryBudget.Of(group).Follow(options.Replay);
                group.SetMembers(HttpGroupKeys.MembersOf(options), options.AllowInsecureMember);
            });
    }

    /// <summary>Adds an HTTP group: backends of which one should get the requests. Use it with <c>AddHttpClient(…).AddFailover(name)</c>.</summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="name">The name: for logs, metrics, people and dependency injection. Without a colon; compared without regard to case.</param>
    /// <param name="configure">Adds members. Called at once.</param>
    /// <exception cref="InvalidOperationException">A group of this name was added before.</exception>
    public static IFailoverBuilder AddHttpGroup(this IFailoverBuilder builder, string name, Action<HttpGroupBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.AddHttp().AddGroup(name, Kind);
        configure(new HttpGroupBuilder(name, builder.Services));
        return builder;
    }
}
