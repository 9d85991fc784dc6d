using HealthyShop;
using HealthyShop.Parts;

// dotnet run --project samples/HealthyShop -- [--serve]
// Exit code: 0 if every promise held, 1 if one did not, 2 if the arguments are not understood.
if (args is not ([] or ["--serve"]))
{
    Console.Error.WriteLine($"'{string.Join(' ', args)}' is not understood. Usage: HealthyShop [--serve]");
    return 2;
}

bool serves = args is ["--serve"];
await using ShopParts parts = await ShopParts.StartAsync();
await using WebApplication app = Shop.Build(parts, serves);
await app.StartAsync();
Acts acts = new(parts);
if (!serves)
{
    return await new Story(parts, acts).PlayAsync() ? 0 : 1;
}

acts.PrintForPeople();
_ = acts.MendOnEnterAsync();
await app.WaitForShutdownAsync();
return 0;
