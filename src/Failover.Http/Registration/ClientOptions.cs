using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Failover.Http.Registration;

/// <summary>Finishes the options of a client by their name, which the delegates of <c>PostConfigure</c> do not tell.</summary>
/// <param name="client">The client; null for every one.</param>
/// <param name="setup">What is done to it.</param>
/// <param name="groups">The groups of the container.</param>
internal sealed class ClientOptions(string? client, ClientSetup setup, FailoverGroups groups) : IPostConfigureOptions<HttpClientFactoryOptions>
{
    public void PostConfigure(string? name, HttpClientFactoryOptions options)
    {
        if (client is null || client == name)
        {
            setup.Finish(name, options, groups);
        }
    }
}
