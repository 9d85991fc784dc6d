using System.Net.Http;
using k8s;

namespace Failover.Kubernetes.Api;

/// <summary>Makes clients whose answers are bounded, and whose connections do not outlive a server that has gone silently.</summary>
internal static class ClientFactory
{
    private static readonly TimeSpan PingEach = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxConnect = TimeSpan.FromSeconds(10);

    internal static k8s.Kubernetes Create(KubernetesClientConfiguration configuration)
    {
        // The user's own object, which may make other clients as well: it is left as it was.
        lock (configuration)
        {
            Action<SocketsHttpHandler>? setup = configuration.FirstMessageHandlerSetup;
            configuration.FirstMessageHandlerSetup = handler =>
            {
                // The client's own are 3 minutes and 30 seconds: until then every renewal would go into a connection that nobody hears.
                handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always;
                handler.KeepAlivePingDelay = PingEach;
                handler.KeepAlivePingTimeout = PingEach;
                handler.ConnectTimeout = MaxConnect;

                // An API server redirects nobody, and a token goes nowhere else.
                handler.AllowAutoRedirect = false;
                setup?.Invoke(handler);
            };
            try
            {
                return new k8s.Kubernetes(configuration, new AnswerBounds());
            }
            finally
            {
                configuration.FirstMessageHandlerSetup = setup;
            }
        }
    }
}
