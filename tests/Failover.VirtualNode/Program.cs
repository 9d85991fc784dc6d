using Failover.VirtualNode;

// A node of an app behind a virtual address, or, with --client, one who calls that; for tests and scenarios that kill and freeze it. Each ends with its standard input.
return args is ["--client", string address, string port, string interval] ? await AddressClient.RunAsync(address, port, interval) : await NodeApp.RunAsync(args);
