using System.Security.Cryptography.X509Certificates;
using Failover.Kubernetes.Tests.ApiServer;
using Failover.TestServers.Network;
using Failover.TestServers.Servers;
using k8s;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Failover.Kubernetes.Tests;

public class DeadConnectionTests
{
    /// <summary>A load balancer forgets a connection, or the machine behind it loses its power: nothing is refused, and nothing comes. Over HTTP/2 all requests share that connection.</summary>
    [Fact]
    public async Task A_connection_that_nobody_hears_is_left_for_a_new_one()
    {
        ServerCertificate pem = ServerCertificate.New();
        using X509Certificate2 exported = X509Certificate2.CreateFromPem(pem.Certificate, pem.Key);
        using X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(exported.Export(X509ContentType.Pkcs12), null);
        await using FakeApiServer server = await FakeApiServer.StartAsync(TimeProvider.System, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(certificate);
        });
        server.Leases.Create(FakeApiServer.Space, Given.ReleasedLease(Host.LeaseName));
        await using Relay dying = Relay.Start(server.Address.Port);
        int connections = 0;
        await using Relay path = Relay.Start(_ => Task.FromResult(Interlocked.Increment(ref connections) == 1 ? dying.Port : server.Address.Port));
        KubernetesClientConfiguration configuration = server.Client(FakeApiServer.Pod);
        configuration.Host = $"https://127.0.0.1:{path.Port}";
        configuration.SslCaCerts = [X509Certificate2.CreateFromPem(pem.Certificate)];
        using KubernetesLeaseStore store = new(new(), configuration);
        LeaseRequest request = new(Host.Resource, "host-a", Guid.NewGuid(), TimeSpan.FromMinutes(5));
        LeaseGrant grant = (await store.TakeAsync(request, default)).Grant!;
        Assert.Equal(1, connections);

        LeaseGrant? renewed = null;
        await dying.BecomeAsync(RelayMode.Blackhole);
        try
        {
            // As the arbiter would: a try that has no answer is given up, and is made again.
            using CancellationTokenSource end = new(TimeSpan.FromSeconds(30));
            while (renewed is null)
            {
                using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
                limit.CancelAfter(TimeSpan.FromSeconds(1));
                try
                {
                    renewed = await store.RenewAsync(request, grant, limit.Token);
                }
                catch (Exception exception) when (!end.IsCancellationRequested && exception is OperationCanceledException or LeaseStoreException)
                {
                    // Once more.
                }
            }
        }
        finally
        {
            await dying.BecomeAsync(RelayMode.Cut);
        }

        Assert.Equal(grant.Epoch, renewed.Epoch);
        Assert.True(connections > 1);
    }
}
