using Failover;
using Failover.PostgreSql.Names;
using Npgsql;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets ordinary data sources of Npgsql follow the names of their hosts.</summary>
public static class NpgsqlFollowExtensions
{
    /// <summary>
    /// Empties the pool of the app's <see cref="NpgsqlDataSource"/> when the name of its host leads elsewhere: idle connections end, those in use when they are given back, and the next ones are opened to where the name leads. Npgsql asks the system's
    /// resolver; where that lags behind the name servers, the pool is emptied again when it has caught up. A group of <c>AddPostgreSql</c> needs none of this: it follows its names itself.
    /// </summary>
    /// <remarks>That <c>AddDnsFollower()</c> of Failover.DnsSwitching is called too is checked when the host starts.</remarks>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    public static IFailoverBuilder FollowNpgsqlDataSource(this IFailoverBuilder builder) => builder.FollowNpgsqlDataSource(static services => services.GetRequiredService<NpgsqlDataSource>());

    /// <inheritdoc cref="FollowNpgsqlDataSource(IFailoverBuilder)"/>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="source">Returns the data source. Called when the app runs, again if it throws.</param>
    public static IFailoverBuilder FollowNpgsqlDataSource(this IFailoverBuilder builder, Func<IServiceProvider, NpgsqlDataSource> source)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(source);
        return builder.AddNamePoolMover(services => new DataSourceMover(() => source(services)));
    }
}
