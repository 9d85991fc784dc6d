using Microsoft.Extensions.DependencyInjection;

namespace Failover.Http.Tests.Probing;

/// <summary>Members that promise a body and cut it: calls take the headers for an answer, and only the probe reads to the end.</summary>
public class BrokenBodyTests
{
    private const string Half = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf";

    private volatile bool _breaks;

    [Fact]
    public async Task A_member_whose_bodies_break_off_is_left_though_every_call_to_it_got_headers()
    {
        using RawServer a = Cuts();
        using RawServer b = new(async connection =>
        {
            while (await connection.ReadRequestAsync() is not null)
            {
                await connection.SendAsync(RawServer.Ok);
            }
        });
        var services = new ServiceCollection();
        services.AddFailover().AddHttpGroup("orders", group => group
            .Primary("a", a.Address.AbsoluteUri)
            .Secondary("b", b.Address.AbsoluteUri)
            .Configure(Given.Quick));
        services.AddHttpClient("orders").AddFailover("orders");
        await using ServiceProvider provider = services.BuildServiceProvider();
        FailoverGroup group = provider.GetRequiredService<FailoverGroups>()["orders"];
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        await Given.ActiveAsync(group, a.Address.Authority);
        await Given.UntilAsync(() => group.Snapshot.Members[1].Verdict == Verdict.Healthy, () => "b is not healthy");

        _breaks = true;
        int broken = 0;
        using var limit = new CancellationTokenSource(Given.Limit);
        while (group.Snapshot.Active?.Name == "a")
        {
            using HttpResponseMessage response = await client.GetAsync("/work", HttpCompletionOption.ResponseHeadersRead, limit.Token);
            broken += await IsWholeAsync(response, limit.Token) ? 0 : 1;
        }

        Assert.Equal("b", group.Snapshot.Active?.Name);
        Assert.Equal((SwitchoverCause.Failover, "ResponseEnded"), (group.Snapshot.LastSwitchover?.Cause, group.Snapshot.LastSwitchover?.Evidence));
        Assert.InRange(broken, 1, int.MaxValue);

        // The call that waits while the member is given up is abandoned, and counts against it.
        (long succeeded, long failed, long disputed, _) = Given.Told(group, 0);
        Assert.InRange(succeeded, broken, long.MaxValue);
        Assert.InRange(failed + disputed, 0, 1);
        Assert.True(await IsWholeAsync(await client.GetAsync("/work", limit.Token), limit.Token));
    }

    private static async Task<bool> IsWholeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return true;
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return false;
        }
    }

    private RawServer Cuts() => new(async connection =>
    {
        while (await connection.ReadRequestAsync() is not null)
        {
            if (_breaks)
            {
                await connection.SendAsync(Half);
                connection.Close(reset: false);
                return;
            }

            await connection.SendAsync(RawServer.Ok);
        }
    });
}
