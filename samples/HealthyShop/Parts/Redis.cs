namespace HealthyShop.Parts;

/// <summary>A Redis server, without persistence.</summary>
internal sealed class Redis : LocalServer
{
    internal string Endpoint => $"127.0.0.1:{Port}";

    protected override IReadOnlyList<string> Command => [Programs.Find("redis-server")!, "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", Folder, "--save", "", "--appendonly", "no"];
}
