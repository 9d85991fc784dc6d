using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Failover;
using Storefront.Demo;

namespace Storefront;

/// <summary>The page: what is sold, who said so, and how the group stands. It loads itself again each second.</summary>
internal static class StorefrontPage
{
    internal static async Task<IResult> ShowAsync(CatalogClient client, [FromKeyedServices("catalog")] FailoverGroup group, IConfiguration configuration, CancellationToken cancellationToken)
    {
        Catalog? catalog = null;
        string? trouble = null;
        try
        {
            catalog = await client.GetProductsAsync(cancellationToken);
        }
        catch (HttpRequestException error)
        {
            // No member could serve: what comes here is what the last one tried said, as without failover.
            trouble = error.Message;
        }

        string html = Html(catalog, trouble, GroupStatus.Of(group.Snapshot), DemoUpstreams.IsAsked(configuration));
        return Results.Content(html, "text/html; charset=utf-8", statusCode: catalog is null ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private static string Html(Catalog? catalog, string? trouble, GroupStatus status, bool demo)
    {
        var html = new StringBuilder("""
            <!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="1"><title>Storefront</title>
            <style>body { font: 16px system-ui, sans-serif; margin: 2em } td, th { padding: .2em 1em .2em 0; text-align: left } form { display: inline }</style>
            <h1>Storefront</h1><table>
            """);
        foreach (Product product in catalog?.Products ?? [])
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(product.Name)}<td>{product.Price:0.00}");
        }

        html.Append(CultureInfo.InvariantCulture, $"</table><p>{(catalog is null ? $"Nothing is on sale, for no catalog answers: {Text(trouble ?? "")}" : $"Served by <b>{Text(catalog.ServedBy)}</b>.")}<h2>Group catalog: {Text(status.Condition)}</h2><table>");
        foreach (MemberStatus member in status.Members)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(member.Name)}<td>{Text(member.Address.ToString())}<td>{member.Verdict}<td>{(member.Name == status.Active ? "active" : "")}");
            html.Append(demo ? $"<td>{Button(member.Name, "kill")} {Button(member.Name, "start")}" : "");
        }

        html.Append("</table>");
        if (status.LastSwitchover is { } last)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p>Last switchover: {last.Cause} from {Text(last.From ?? "none")} to {Text(last.To)} at {last.At:HH:mm:ss} UTC");
            html.Append(last.RecoveryMilliseconds is { } ms ? string.Create(CultureInfo.InvariantCulture, $", recovered in {ms:0.0} ms") : "");
            html.Append(last.Evidence is { } evidence ? $" ({Text(evidence)})." : ".");
        }

        return html.ToString();
    }

    private static string Button(string member, string action) => $"""<form method="post" action="/demo/{Uri.EscapeDataString(member)}/{action}"><button>{action}</button></form>""";

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);
}
