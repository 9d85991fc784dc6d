using System.Globalization;
using Failover.HealthChecks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Failover.AspNetCore.Draining;

/// <summary>
/// Tells clients to leave: while the node drains, every answer of the app bears <c>Failover-Drain: &lt;seconds to stay away&gt;</c>, and while it shuts down, answers over HTTP/1 close their connection. Stands before all other middleware; costs a read
/// where the node does not drain.
/// </summary>
internal sealed class DrainMarkerFilter(NodeDrain drain, NodeShutdown shutdown, LastGoodSection<DrainingOptions> options) : IStartupFilter
{
    internal const string Header = "Failover-Drain";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(handler => context =>
        {
            if (drain.IsDraining)
            {
                // At the last moment: an error page begins with headers of its own.
                context.Response.OnStarting(Mark, context);
            }

            return handler(context);
        });
        next(app);
    };

    private Task Mark(object state)
    {
        HttpContext context = (HttpContext)state;
        IHeaderDictionary headers = context.Response.Headers;

        // A cache would go on telling it.
        headers.CacheControl = "no-store";
        headers[Header] = ((int)options.Current.StayAway.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        bool isHttp1 = HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol);
        if (shutdown.IsBegun && isHttp1 && context.Response.StatusCode != StatusCodes.Status101SwitchingProtocols)
        {
            headers.Connection = "close";
        }

        return Task.CompletedTask;
    }
}
