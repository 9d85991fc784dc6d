using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.SignalR;

namespace SessionsSurvive.Site;

/// <summary>What a user does here: logs in, counts, says something, logs out.</summary>
internal static class SiteEndpoints
{
    private const string Count = "count";

    internal static void MapSite(this WebApplication app, AppNode node)
    {
        app.MapGet("/login", static () => Html("Login.html"));
        app.MapPost("/login", LogInAsync);
        app.MapPost("/logout", LogOutAsync);
        RouteGroupBuilder own = app.MapGroup("").RequireAuthorization();
        own.MapGet("/", static () => Html("Page.html"));
        own.MapGet("/count", ReadAsync);
        own.MapPost("/count", CountAsync);
        own.MapPost("/say", (string text, ClaimsPrincipal user, IHubContext<MessagesHub> hub, CancellationToken cancellationToken) =>
            hub.Clients.All.SendAsync(MessagesHub.Said, $"{user.Identity!.Name} on {node.Name}", text, cancellationToken));
    }

    #region docs:session
    private static async Task<int> CountAsync(HttpContext context, CancellationToken cancellationToken)
    {
        ISession session = context.Session;
        await session.LoadAsync(cancellationToken);                    // else a session that cannot be read is taken for an empty one
        int count = (session.GetInt32(Count) ?? 0) + 1;
        session.SetInt32(Count, count);
        await session.CommitAsync(cancellationToken);                  // else it is written after the answer, and that it could not be is only logged
        return count;
    }
    #endregion

    private static async Task<int> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        await context.Session.LoadAsync(cancellationToken);
        return context.Session.GetInt32(Count) ?? 0;
    }

    private static async Task<IResult> LogInAsync(HttpContext context, CancellationToken cancellationToken)
    {
        IFormCollection form = await context.Request.ReadFormAsync(cancellationToken);
        if (form["user"].ToString() is not { Length: > 0 and <= 40 } user)
        {
            return Results.Redirect("/login");
        }

        ClaimsIdentity identity = new([new(ClaimTypes.Name, user)], CookieAuthenticationDefaults.AuthenticationScheme);
        await context.SignInAsync(new ClaimsPrincipal(identity));
        return Results.Redirect("/");
    }

    private static async Task LogOutAsync(HttpContext context)
    {
        context.Session.Clear();
        await context.SignOutAsync();
        context.Response.Redirect("/login");
    }

    private static IResult Html(string name) => Results.Stream(typeof(SiteEndpoints).Assembly.GetManifestResourceStream(name)!, "text/html; charset=utf-8");
}
