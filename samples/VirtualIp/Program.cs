using VirtualIp.App;
using VirtualIp.Demo;

// dotnet run --project samples/VirtualIp
// Exit code: 0 if every promise held, 1 if one did not, 2 if arguments are not understood, or root or programs are missing.
// It makes two nodes and a client, and starts itself on both nodes: --node node-a --peer node-b --process …, and the same the other way round. What follows below is the program of such a node.
if (args is not ["--node", var node, "--peer", var peer, "--process", var process])
{
    return await Rehearsal.RunAsync(args);
}

#region docs:register
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Services.AddFailover(builder.Configuration.GetSection("Failover"))      // Failover:Peers: the name of this node, where its peer answers, and a key that both share
    .AddHealthEndpoints()
    .AddPeers()
    .AddKeepalived("site", site =>
    {
        site.Address = "10.213.0.100";
        (site.Node, site.Peer) = (node, peer);
        (site.Priority, site.PeerPriority) = node == "node-a" ? (50, 40) : (40, 50);    // node-a is the preferred one
        site.ProcessName = process;                                             // what keepalived sees die; "shop", where it is the only one on its machine
    });
builder.Services.AddHealthChecks()
    .AddCheck("spool", new SpoolCheck(builder.Configuration["Spool"]!), tags: ["local"])    // local: a failure of this node alone, so that the other one is better
    .AddKeepalived("site");
#endregion

builder.AddDemo();

#region docs:app
await using WebApplication app = builder.Build();
app.MapGet("/", () => Results.Text(node));
app.MapFailoverHealth("/health");
app.MapFailoverPeer("/health/peer");
#endregion

await app.RunAsync();
return 0;
