using Failover.PostgreSql.Registration;
using Failover.TestServers;
using Failover.TestServers.Servers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Failover.PostgreSql.Tests.Registration;

/// <summary>What an app writes, and what it is told when it is wrong.</summary>
public sealed class RegistrationTests(OneServer one) : IClassFixture<OneServer>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [ServerFact("postgres", "setpriv")]
    public async Task The_only_data_source_is_there_with_and_without_its_name()
    {
        PostgreSqlServer server = await one.StartedAsync();
        using IHost host = Host(Settings([]), (failover, _) => failover.AddPostgreSql("db", server.ConnectionString, pg => pg.ConfigureDataSource(builder => builder.ConnectionStringBuilder.ApplicationName = "shop")));
        await host.StartAsync().WaitAsync(Limit);

        FailoverDataSource source = host.Services.GetRequiredService<FailoverDataSource>();

        Assert.Same(source, host.Services.GetRequiredKeyedService<FailoverDataSource>("DB"));
        Assert.Same(source.Group, host.Services.GetRequiredService<FailoverGroups>()["db"]);
        await using (NpgsqlConnection connection = await source.OpenConnectionAsync().AsTask().WaitAsync(Limit))
        {
            Assert.Equal("shop", await new NpgsqlCommand("SHOW application_name", connection).ExecuteScalarAsync());
        }

        await host.StopAsync().WaitAsync(Limit);
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_group_of_the_configuration_has_a_data_source_by_its_name_and_the_defaults_of_its_kind()
    {
        PostgreSqlServer server = await one.StartedAsync();
        IConfigurationRoot settings = Settings(
        [
            ("orders:Kind", "PostgreSql"), ("orders:ConnectionString", server.ConnectionString),
            ("stock:Kind", "PostgreSql"), ("stock:ConnectionString", server.ConnectionString), ("stock:Detection:ProbeTimeout", "00:00:00.700"),
        ]);
        using IHost host = Host(settings, (failover, _) => failover.AddPostgreSql());
        await host.StartAsync().WaitAsync(Limit);

        await using NpgsqlConnection connection = await host.Services.GetRequiredKeyedService<FailoverDataSource>("orders").OpenConnectionAsync().AsTask().WaitAsync(Limit);

        InvalidOperationException several = Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<FailoverDataSource>());
        Assert.Contains("(orders, stock)", several.Message, StringComparison.Ordinal);
        LastGoodOptions<GroupOptions> options = host.Services.GetRequiredService<LastGoodOptions<GroupOptions>>();
        Assert.Equal([400, 700], new[] { "orders", "stock" }.Select(name => options.Get(name).Detection.ProbeTimeout.TotalMilliseconds));
        Assert.Equal([10, 10], new[] { "orders", "stock" }.Select(name => options.Get(name).Detection.TransitionInterval.TotalMilliseconds));
        await host.StopAsync().WaitAsync(Limit);
    }

    [Fact]
    public async Task A_bad_value_stops_the_start_and_is_named_without_what_may_be_secret()
    {
        using IHost host = Host(Settings([]), (failover, _) => failover.AddPostgreSql("db", "Host=a,b;Password=sesame;Load Balance Hosts=true", pg => pg.Options(options =>
        {
            options.MaxWait = TimeSpan.FromHours(2);
            options.ProbePassword = "sesame too";
        })));

        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(
            [
                "Failover:Groups:db:ConnectionString must not set Load Balance Hosts: there is one primary, and ForReads() spreads reads.",
                "Failover:Groups:db:MaxWait (02:00:00) must be from 00:00:00 to 01:00:00.",
                "Failover:Groups:db:ProbePassword must not stand without ProbeUserName.",
            ],
            refused.Failures.Order());
    }

    [Fact]
    public void Without_a_container_a_bad_value_is_named_just_so()
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => new FailoverDataSourceBuilder("db", "Password=sesame").Build());

        Assert.Equal(["Failover:Groups:db:ConnectionString must name the nodes: Host=pg-a,pg-b,pg-c."], refused.Failures);
    }

    [ServerFact("postgres", "setpriv")]
    public async Task Nodes_may_change_while_the_app_runs_and_all_else_of_the_string_may_not()
    {
        PostgreSqlServer server = await one.StartedAsync();
        IConfigurationRoot settings = Settings([("db:Kind", "PostgreSql"), ("db:ConnectionString", server.ConnectionString)]);
        using IHost host = Host(settings, (failover, _) => failover.AddPostgreSql());
        await host.StartAsync().WaitAsync(Limit);
        FailoverDataSource source = host.Services.GetRequiredService<FailoverDataSource>();
        FailoverMember member = await source.Group.WaitForActiveAsync(default).AsTask().WaitAsync(Limit);

        settings["Failover:Groups:db:ConnectionString"] = server.ConnectionString.Replace("127.0.0.1", "127.0.0.1,127.0.0.2", StringComparison.Ordinal);
        settings.Reload();
        Assert.Null(source.Group.Snapshot.ConfigurationError);
        Assert.Equal(["127.0.0.1", "127.0.0.2"], source.Group.Snapshot.Members.Select(each => each.Member.Address.Host));
        Assert.Equal(member, source.Group.Snapshot.Active);

        settings["Failover:Groups:db:ConnectionString"] = server.ConnectionString + ";Search Path=other";
        settings.Reload();
        Assert.Contains("may change its nodes alone", source.Group.Snapshot.ConfigurationError, StringComparison.Ordinal);
        Assert.Equal(2, source.Group.Snapshot.Members.Length);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync().AsTask().WaitAsync(Limit);
        Assert.DoesNotContain("other", connection.ConnectionString, StringComparison.Ordinal);
        await host.StopAsync().WaitAsync(Limit);
    }

    [Fact]
    public void Gates_that_keep_their_leases_in_one_table_share_a_store_and_with_it_the_connection_that_listens()
    {
        using IHost host = Host(Settings([]), static (failover, _) => failover.AddPostgreSql("db", "Host=127.0.0.1;Port=1"));
        Clusters clusters = host.Services.GetRequiredService<Clusters>();

        PostgreSqlLeaseStore store = clusters.Leases("db", new());

        Assert.Same(store, clusters.Leases("DB", new()));
        Assert.NotSame(store, clusters.Leases("db", new() { Table = "ops.leases" }));
        Assert.NotSame(store, clusters.Leases("db", new() { Listen = false }));
    }

    private static IConfigurationRoot Settings((string Key, string Value)[] groups) =>
        new ConfigurationBuilder().AddInMemoryCollection(groups.ToDictionary(static one => $"Failover:Groups:{one.Key}", static string? (one) => one.Value)).Build();

    private static IHost Host(IConfigurationRoot settings, Action<IFailoverBuilder, IServiceCollection> add)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        add(builder.Services.AddFailover(settings.GetSection("Failover")), builder.Services);
        return builder.Build();
    }
}
