using Failover.Http.Registration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;

namespace Failover.Http.Neighbours;

/// <summary>
/// Looks at the handlers of a client when they are put together: one of ours must stand there, and what else retries or hedges must not run a POST twice unnoticed. What is in a handler of Microsoft.Extensions.Http.Resilience cannot be seen
/// from outside, only where it stands.
/// </summary>
internal static class HandlerOrder
{
    private static readonly string[] Resilience = ["Microsoft.Extensions.Http.Resilience.ResilienceHandler", "Microsoft.Extensions.Http.PolicyHttpMessageHandler"];

    /// <param name="handlers">All handlers, each in its place.</param>
    /// <param name="told">What was logged of the clients of this registration.</param>
    /// <exception cref="InvalidOperationException">There are handlers of two groups.</exception>
    internal static void Settle(HttpMessageHandlerBuilder handlers, ToldOnce told)
    {
        IList<DelegatingHandler> chain = handlers.AdditionalHandlers;
        int own = KeepLast(handlers.Name, chain);
        int[] others = [.. Enumerable.Range(0, chain.Count).Where(i => IsResilience(chain[i].GetType()))];
        if (own < 0 || others.Length == 0 || chain.Any(handler => handler is SendMark))
        {
            return;
        }

        ILogger? logger = handlers.Services.GetService<ILoggerFactory>()?.CreateLogger<FailoverHandler>();
        if (logger is null)
        {
            return;
        }

        string client = ClientGroup.NameOf(handlers);
        if (others[0] < own && told.IsFirst($"outside {client}"))
        {
            Log.ResilienceOutside(logger, chain[others[0]].GetType().Name, client);
        }

        if (others[^1] > own && told.IsFirst($"inside {client}"))
        {
            Log.ResilienceInside(logger, chain[others[^1]].GetType().Name, client);
        }

        chain.Insert(0, new SendMark());
        chain.Add(new SendWatch(method =>
        {
            if (told.IsFirst($"again {client}"))
            {
                Log.UnsafeRequestSentAgain(logger, method, client);
            }
        }));
    }

    /// <summary>Takes away all handlers of a group but the last, which stands next to the network: <c>ConfigureHttpClientDefaults</c> and the client itself may both have added it.</summary>
    /// <returns>Where it stands; -1 if there is none.</returns>
    private static int KeepLast(string? client, IList<DelegatingHandler> chain)
    {
        int last = -1;
        for (int i = chain.Count - 1; i >= 0; i--)
        {
            if (chain[i] is not FailoverHandler handler)
            {
                continue;
            }

            if (last < 0)
            {
                last = i;
            }
            else if (ReferenceEquals(handler.Group, ((FailoverHandler)chain[last]).Group))
            {
                chain.RemoveAt(i);
                last--;
            }
            else
            {
                throw new InvalidOperationException(ClientGroup.Refused(client, handler.Group.Name, ((FailoverHandler)chain[last]).Group.Name));
            }
        }

        return last;
    }

    /// <summary>By name: nothing here knows those packages.</summary>
    private static bool IsResilience(Type? type) => type is not null && (Resilience.Contains(type.FullName) || IsResilience(type.BaseType));
}
