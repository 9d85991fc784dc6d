using Failover.DnsSwitching.Following;
using Failover.Http.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Failover.DnsSwitching.Tests.Following;

/// <summary>Pools that were left while requests need them, with a clock of the test's.</summary>
public sealed class NamedPoolsTests : IAsyncLifetime
{
    private static readonly Uri Address = new("http://shop.example.test/");

    private readonly FakeTimeProvider _time = new();
    private readonly DnsFollowerOptions _options = new();
    private readonly DnsFollower _follower;
    private readonly NamedPools _pools;

    public NamedPoolsTests()
    {
        _follower = new(() => _options, _time, NullLogger.Instance, static () => 0, static _ => new FakeLookup());
        _pools = new(static () => new SocketsHttpHandler { ConnectCallback = static (_, _) => throw new IOException("It was tried.") }, _follower);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _pools.Dispose();
        await _follower.DisposeAsync();
    }

    [Fact]
    public async Task Each_pool_is_waited_for_as_long_as_its_own_limit_says()
    {
        ConnectionPool first = LeftPool();
        _options.DrainLimit = TimeSpan.FromSeconds(10);
        ConnectionPool second = LeftPool();

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((false, true), (await HasEndedAsync(first), await HasEndedAsync(second)));
    }

    [Fact]
    public async Task The_oldest_ends_before_there_are_too_many_and_all_do_with_the_client()
    {
        _options.MaxDrainingPools = 2;
        ConnectionPool first = LeftPool(), second = LeftPool(), third = LeftPool();
        Assert.True(await HasEndedAsync(first));
        Assert.Equal(2, _pools.Draining);

        _pools.Dispose();
        Assert.Equal((true, true, 0), (await HasEndedAsync(second), await HasEndedAsync(third), _pools.Draining));
    }

    [Fact]
    public async Task Pools_that_have_closed_count_no_more()
    {
        _options.MaxDrainingPools = 1;
        ConnectionPool needed = LeftPool();
        for (int move = 0; move < 10; move++)
        {
            ConnectionPool done = _pools.Enter(Address, out _);
            Assert.False(await HasEndedAsync(done));
            _pools.Leave("shop.example.test");
            Assert.Equal((true, 1), (done.IsClosed, _pools.Draining));
        }

        Assert.False(await HasEndedAsync(needed));
        Assert.Equal(0, _pools.Draining);
    }

    /// <summary>Leaves a pool that a request needs.</summary>
    private ConnectionPool LeftPool()
    {
        ConnectionPool pool = _pools.Enter(Address, out _);
        _pools.Leave("shop.example.test");
        return pool;
    }

    /// <summary>Lets the request that needs a pool try to connect.</summary>
    private static async Task<bool> HasEndedAsync(ConnectionPool pool)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Address);
        return await Record.ExceptionAsync(() => pool.SendAndExitAsync(request, CancellationToken.None)) switch
        {
            ObjectDisposedException => true,
            HttpRequestException { InnerException: IOException } => false,
            var other => throw new InvalidOperationException("Neither.", other),
        };
    }
}
