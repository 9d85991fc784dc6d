using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Options;

namespace Failover.AspNetCore.Tests.Registration;

public class MappingTests
{
    [Fact]
    public void Mapping_without_what_it_needs_says_what_to_call()
    {
        using WebApplication app = WebApplication.CreateSlimBuilder().Build();

        Assert.Equal("MapFailoverHealth needs what AddHealthEndpoints() registers: call builder.Services.AddFailover(…).AddHealthEndpoints() before the app is built.", Assert.Throws<InvalidOperationException>(() => app.MapFailoverHealth("/health")).Message);
        Assert.Contains("AddHealthEndpoints()", Assert.Throws<InvalidOperationException>(() => app.MapFailoverDrain("/health/drain", "ops")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tag_that_no_check_bears_is_refused()
    {
        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => App.StartAsync(
            builder => builder.Services.AddHealthChecks().AddCheck("db", TestCheck.Healthy, tags: ["sql"]),
            (app, _) => app.MapFailoverHealth("/health/db", HealthVerdict.Operational, o => o.Tags.Add("db"))));

        Assert.StartsWith("MapFailoverHealth(\"/health/db\"): no health check has the tag db: the endpoint would always say 200.", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65536)]
    public async Task A_port_that_is_none_is_refused(int port)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => App.StartAsync(_ => { }, (app, _) => app.MapFailoverHealth("/health", o => o.Port = port)));
        await Assert.ThrowsAsync<ArgumentException>(() => App.StartAsync(_ => { }, (app, _) => app.MapFailoverHealth("/health", o => o.ManagementPort = port)));
    }

    [Fact]
    public async Task Endpoints_are_in_no_description_and_allow_anonymous_callers()
    {
        await using App app = await App.StartAsync();
        Endpoint[] endpoints = [.. app.Services.GetRequiredService<EndpointDataSource>().Endpoints];

        Assert.Equal(["Failover health: Operational", "Failover health: CanServe", "Failover health: Alive", "Failover health: Started"], endpoints.Select(endpoint => endpoint.DisplayName));
        Assert.All(endpoints, endpoint => Assert.True(endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>()!.ExcludeFromDescription));
        Assert.All(endpoints, endpoint => Assert.NotNull(endpoint.Metadata.GetMetadata<IAllowAnonymous>()));
    }

    [Fact]
    public async Task Answers_are_in_no_http_metric()
    {
        await using App app = await App.StartAsync(_ => { }, (app, _) =>
        {
            app.MapFailoverHealth("/health");
            app.MapGet("/other", () => "other");
        });
        using MetricCollector<double> durations = new(app.Services.GetRequiredService<IMeterFactory>(), "Microsoft.AspNetCore.Hosting", "http.server.request.duration");
        await app.StatusAsync("/health");
        await app.StatusAsync("/health/live");
        await app.StatusAsync("/other");
        await App.UntilAsync(() => durations.GetMeasurementSnapshot().Count > 0, "a request was measured");

        Assert.Equal("/other", Assert.Single(durations.GetMeasurementSnapshot()).Tags["http.route"]);
    }

    [Fact]
    public async Task Calling_twice_registers_once()
    {
        await using App app = await App.StartAsync(builder => builder.Services.AddFailover().AddHealthEndpoints().AddHealthEndpoints());

        Assert.Equal(200, (int)await app.StatusAsync("/health/live"));
    }

    [Theory]
    [InlineData("HealthEndpoints:Format", "xml", "Failover:HealthEndpoints:Format (xml) must be one of HealthJson, HealthChecksUi.")]
    [InlineData("HealthEndpoints:ManagementPort", "70000", "Failover:HealthEndpoints:ManagementPort (70000) must be left out, or from 1 to 65535.")]
    [InlineData("HealthEndpoints:Detail", "x", "Failover:HealthEndpoints:Detail is not a known key; known here: DetailsPolicy, Format, ManagementPort.")]
    [InlineData("Draining:Hold", "5", "Failover:Draining:Hold (5) must be left out, or from 00:00:00 to 00:10:00; a plain number counts as days: write 00:00:05 for 5 seconds.")]
    [InlineData("Draining:StayAway", "00:02:00", "Failover:Draining:StayAway (00:02:00) must be from 00:00:01 to 00:01:00.")]
    [InlineData("Draining:FilePeriod", "00:00:00", "Failover:Draining:FilePeriod (00:00:00) must be from 00:00:00.100 to 00:01:00.")]
    [InlineData("HaproxyAgent:Address", "localhost", "Failover:HaproxyAgent:Address (localhost) must be an IP address of this machine, like 127.0.0.1, ::1 or 0.0.0.0.")]
    [InlineData("HaproxyAgent:MaxConnections", "0", "Failover:HaproxyAgent:MaxConnections (0) must be from 1 to 1000.")]
    [InlineData("HaproxyAgent:Port", "", "Failover:HaproxyAgent:Port is missing: it is HAProxy's agent-port, from 0 to 65535; or call AddHaproxyAgent(port).")]
    public async Task A_bad_value_stops_the_start_and_is_told_with_its_key_and_what_is_allowed(string key, string value, string expected)
    {
        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(() => App.StartAsync(builder =>
        {
            builder.Configuration["Failover:HaproxyAgent:Port"] = "0";
            builder.Configuration[$"Failover:{key}"] = value;
            builder.Services.AddFailover().AddHaproxyAgent();
        }));

        Assert.Equal(expected, Assert.Single(refused.Failures));
    }
}
