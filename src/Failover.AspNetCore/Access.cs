using Failover.HealthChecks;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Failover.AspNetCore;

/// <summary>Decides who gets more than the status, and who may drain the node. The one place where callers are told apart; where they come from never counts, since behind a proxy everybody comes from there.</summary>
internal sealed class Access(IServiceProvider services, ILogger<Access> logger)
{
    /// <summary>Refuses a policy that is not there.</summary>
    /// <exception cref="InvalidOperationException">There is no such policy, or no authorization.</exception>
    internal async Task RequireAsync(string policy, string user)
    {
        if (services.GetService<IPolicyEvaluator>() is null || services.GetService<IAuthorizationPolicyProvider>() is not { } policies)
        {
            throw new InvalidOperationException($"{user} asks for the authorization policy '{policy}', and the app has no authorization: call AddAuthorization().");
        }

        if (await policies.GetPolicyAsync(policy).ConfigureAwait(false) is null)
        {
            throw new InvalidOperationException($"{user} asks for the authorization policy '{policy}', which is not there: add it with AddAuthorization().");
        }
    }

    /// <summary>Whether the caller satisfies the policy. Nothing is refused and nothing is thrown: who does not, gets the status alone.</summary>
    internal async ValueTask<bool> MaySeeAsync(HttpContext context, string policy)
    {
        try
        {
            return (await AskAsync(context, policy).ConfigureAwait(false)).Result.Succeeded;
        }
#pragma warning disable CA1031 // Whatever a handler of the app throws: the status is told all the same.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.PolicyThrew(logger, policy, exception.GetType().Name);
            return false;
        }
    }

    /// <summary>Calls <paramref name="next"/> for a caller who satisfies the policy. Another one is answered as everywhere in the app: with a challenge, or 403.</summary>
    internal async Task GuardAsync(HttpContext context, string policy, RequestDelegate next)
    {
        (AuthorizationPolicy found, PolicyAuthorizationResult result) = await AskAsync(context, policy).ConfigureAwait(false);
        await services.GetRequiredService<IAuthorizationMiddlewareResultHandler>().HandleAsync(next, context, found, result).ConfigureAwait(false);
    }

    /// <summary>Answers a caller who proves by a signature that he is a peer; another one is refused.</summary>
    internal static PeerReply AnswerPeer(HttpContext context, NodePeers peers)
    {
        HttpRequest request = context.Request;
        string? header = request.Headers.TryGetValue(NodePeers.Header, out StringValues values) && values is [{ } one] ? one : null;
        return peers.Answer(header, request.Method, request.PathBase.Value + request.Path.Value);
    }

    // By itself, and not by the app's middleware: that has not run where the request ended in routing, and lets everybody pass where a group of endpoints allows anonymous callers.
    private async Task<(AuthorizationPolicy Policy, PolicyAuthorizationResult Result)> AskAsync(HttpContext context, string name)
    {
        IPolicyEvaluator evaluator = services.GetRequiredService<IPolicyEvaluator>();
        AuthorizationPolicy policy = await services.GetRequiredService<IAuthorizationPolicyProvider>().GetPolicyAsync(name).ConfigureAwait(false)
            ?? throw new InvalidOperationException($"There is no authorization policy '{name}'.");
        if (policy.AuthenticationSchemes.Count == 0
            && context.Features.Get<IAuthenticateResultFeature>() is null
            && services.GetService<IAuthenticationSchemeProvider>() is { } schemes
            && await schemes.GetDefaultAuthenticateSchemeAsync().ConfigureAwait(false) is { } scheme
            && await context.AuthenticateAsync(scheme.Name).ConfigureAwait(false) is { Principal: { } principal })
        {
            context.User = principal;
        }

        AuthenticateResult authenticated = await evaluator.AuthenticateAsync(policy, context).ConfigureAwait(false);
        return (policy, await evaluator.AuthorizeAsync(policy, authenticated, context, context).ConfigureAwait(false));
    }
}
