using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace Failover.Http.Tests.Protocols.Survival;

/// <summary>Three servers for each wire, shared by all tests of the matrix, which run one after the other.</summary>
public sealed class SurvivalServers : IAsyncLifetime
{
    private readonly X509Certificate2 _certificate = KestrelBackend.SelfSigned();
    private readonly Dictionary<Wire, Trio> _trios = [];

    public async Task InitializeAsync()
    {
        foreach (Wire wire in Enum.GetValues<Wire>())
        {
            _trios[wire] = new(
                await SurvivalServer.StartAsync("a", wire, _certificate),
                await SurvivalServer.StartAsync("b", wire, _certificate),
                await SurvivalServer.StartAsync("foreign", wire, _certificate));
        }
    }

    public async Task DisposeAsync()
    {
        foreach (SurvivalServer server in _trios.Values.SelectMany(trio => trio.All))
        {
            await server.DisposeAsync();
        }

        _certificate.Dispose();
    }

    internal Trio Of(Wire wire) => _trios[wire];

    /// <summary>Two members, and a server that is none.</summary>
    internal sealed record Trio(SurvivalServer A, SurvivalServer B, SurvivalServer Foreign)
    {
        internal IEnumerable<SurvivalServer> All => [A, B, Foreign];

        internal void Play(RequestDelegate serve, ConcurrentQueue<SurvivalServer.Entry> journal)
        {
            foreach (SurvivalServer server in All)
            {
                server.Play(serve, journal);
            }
        }
    }
}

/// <summary>The tests that share them.</summary>
[CollectionDefinition(nameof(Survival))]
public sealed class Survival : ICollectionFixture<SurvivalServers>;
