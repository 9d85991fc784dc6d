using Failover.TestServers.Dns;

namespace Failover.DnsSwitching.Tests.Following;

/// <summary>A BIND of one test's, with one name that can be moved and killed.</summary>
internal sealed class OnBind : IAsyncDisposable
{
    private OnBind(BindServer server, string name) => (Server, Name) = (server, name);

    internal BindServer Server { get; }

    internal string Name { get; }

    /// <summary>Starts it, with a name whose TTL is 2 seconds.</summary>
    internal static async Task<OnBind> StartAsync(string address)
    {
        OnBind bind = new(await BindServer.StartAsync(), NameServer.NewName());
        await bind.Server.UpdateAsync($"add {bind.Name} 2 A {address}");
        return bind;
    }

    internal Task MoveAsync(string address) => Server.UpdateAsync($"delete {Name} A", $"add {Name} 2 A {address}");

    /// <summary>Has the follower ask this server alone.</summary>
    internal void Follow(DnsFollowerOptions options) => options.NameServers.Add($"127.0.0.1:{Server.Port}");

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    internal static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        using CancellationTokenSource end = new(TimeSpan.FromSeconds(30));
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(20));
        while (!await isSo())
        {
            Assert.False(end.IsCancellationRequested, $"Not in time: {what}");
            await look.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
