using Failover;
using Storefront;
using Storefront.Demo;

// dotnet run --project samples/Storefront
if (args is [DemoUpstream.Mode, var name, var address])
{
    return await DemoUpstream.RunAsync(name, address);
}

#region docs:program
var builder = WebApplication.CreateBuilder(args);

builder.Services.AddFailover(builder.Configuration.GetSection("Failover")).AddHttp();
builder.Services.AddHttpClient<CatalogClient>().AddFailover("catalog");

await using var app = builder.Build();

app.MapGet("/products", (CatalogClient catalog, CancellationToken ct) => catalog.GetProductsAsync(ct));
app.MapGet("/failover", ([FromKeyedServices("catalog")] FailoverGroup group) => GroupStatus.Of(group.Snapshot));
#endregion

app.MapGet("/", StorefrontPage.ShowAsync);

// In Development two upstreams run as child processes, to be killed and started again by whoever wants to see it.
await using DemoUpstreams? demo = await DemoUpstreams.StartAsync(app);
await app.RunAsync();
return 0;
