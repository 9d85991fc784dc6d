using System.Net;
using System.Net.Sockets;
using Failover.TestServers.Dns;
using Failover.TestServers.Servers;

namespace DnsPair.Demo;

/// <summary>Sets the scene: two name servers, an etcd, two web servers, the keeper and two clients.</summary>
internal static class Rehearsal
{
    internal const string Shop = "shop.example.test";

    internal static async Task<int> RunAsync(string[] args)
    {
        if (args is not [])
        {
            Console.Error.WriteLine($"'{string.Join(' ', args)}' is not understood. Usage: DnsPair");
            return 2;
        }

        if (NeededPrograms.WhatIsMissing() is { } missing)
        {
            Console.Error.WriteLine(missing);
            return 2;
        }

        Console.WriteLine("BIND starts, a primary and a secondary, and an etcd; then two web servers, server-a on 127.0.0.1 and server-b on 127.0.0.2.");
        Console.WriteLine($"{Shop} is server-a, with a TTL of 30 s. Two clients call it twenty times a second: one follows the name, one is an HttpClient as usual.");
        Console.WriteLine();
        (BindServer primary, BindServer secondary) = await BindServer.StartPairAsync(notifyDelay: TimeSpan.Zero);
        await using BindServer one = primary, other = secondary;
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        await primary.UpdateAsync($"add {Shop} 30 A 127.0.0.1");
        int port = FreePort();
        await using WebServer a = new("server-a", new($"http://127.0.0.1:{port}"));
        await using WebServer b = new("server-b", new($"http://127.0.0.2:{port}"));
        await Task.WhenAll(a.StartAsync(), b.StartAsync());

        Clock clock = new();
        using Telling telling = new(clock);
        using IHost keeper = Keeper.Build(a.Address, b.Address, primary, secondary, etcd, telling);
        await keeper.StartAsync();
        await telling.Leased.WaitAsync(TimeSpan.FromSeconds(60));
        HostApplicationBuilder app = Host.CreateApplicationBuilder();
        app.Logging.ClearProviders();
        Caller.AddFollowing(app.Services, primary);
        using IHost client = app.Build();
        await client.StartAsync();
        using HttpClient following = client.Services.GetRequiredService<IHttpClientFactory>().CreateClient("shop");
        following.Timeout = TimeSpan.FromSeconds(2);
        using HttpClient usual = Caller.AsUsual(primary);
        Story story = new(clock, keeper.Services, primary, a, b, new("follows", following, clock, port), new("as usual", usual, clock, port));
        int code;
        try
        {
            code = await story.PlayAsync() ? 0 : 1;
        }
        catch (TimeoutException missed)
        {
            Console.WriteLine($"BROKEN {missed.Message}");
            code = 1;
        }

        await client.StopAsync();
        await keeper.StopAsync();
        return code;
    }

    /// <summary>A port that is free on both addresses.</summary>
    private static int FreePort()
    {
        while (true)
        {
            using TcpListener first = new(IPAddress.Loopback, 0);
            first.Start();
            int port = ((IPEndPoint)first.LocalEndpoint).Port;
            try
            {
                using TcpListener second = new(IPAddress.Parse("127.0.0.2"), port);
                second.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken there: another one.
            }
        }
    }
}
