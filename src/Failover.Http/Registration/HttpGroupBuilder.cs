using Failover.Http.Registration;
using Microsoft.Extensions.DependencyInjection;

namespace Failover.Http;

/// <summary>Says in code what an HTTP group is made of. What configuration says of the same group: its list of members replaces the one given here; of other settings, what is said here is in force.</summary>
public sealed class HttpGroupBuilder : IGroupDescription
{
    private readonly List<HttpMemberOptions> _members = [];
    private HttpMemberOptions? _primary;

    internal HttpGroupBuilder(string name, IServiceCollection services)
    {
        Name = name;
        Services = services;
        services.Configure<HttpGroupOptions>(name, options =>
        {
            if (options.Members.Count == 0)
            {
                options.Members = [.. _members];
            }
        });
    }

    /// <summary>Gets the name of the group.</summary>
    public string Name { get; }

    /// <summary>Gets the services of the app.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds the preferred member: it stands before all others.</summary>
    /// <param name="address">Its address, like <c>https://orders-a.example.com</c>. Checked when the app starts.</param>
    /// <exception cref="InvalidOperationException">The group has a preferred member already; the message names both.</exception>
    public HttpGroupBuilder Primary(string address) => Prefer(null, address);

    /// <summary>Adds the preferred member: it stands before all others.</summary>
    /// <param name="name">What logs, metrics and people call it.</param>
    /// <param name="address">Its address, like <c>https://orders-a.example.com</c>. Checked when the app starts.</param>
    /// <exception cref="InvalidOperationException">The group has a preferred member already; the message names both.</exception>
    public HttpGroupBuilder Primary(string name, string address)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Prefer(name, address);
    }

    /// <summary>Adds a member behind those added before.</summary>
    /// <param name="address">Its address, like <c>https://orders-b.example.com</c>. Checked when the app starts.</param>
    public HttpGroupBuilder Secondary(string address) => Add(null, address);

    /// <summary>Adds a member behind those added before.</summary>
    /// <param name="name">What logs, metrics and people call it.</param>
    /// <param name="address">Its address, like <c>https://orders-b.example.com</c>. Checked when the app starts.</param>
    public HttpGroupBuilder Secondary(string name, string address)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Add(name, address);
    }

    /// <summary>Lets members with and without TLS stand in one group: <see cref="HttpGroupOptions.AllowInsecureMember"/>.</summary>
    public HttpGroupBuilder AllowInsecureMember()
    {
        Services.Configure<HttpGroupOptions>(Name, static options => options.AllowInsecureMember = true);
        return this;
    }

    /// <summary>Says how the members are probed.</summary>
    public HttpGroupBuilder Probe(Action<HttpProbeOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.Configure<HttpGroupOptions>(Name, options => configure(options.Probe));
        return this;
    }

    /// <summary>Says how clients that use the group connect to its members.</summary>
    public HttpGroupBuilder Connections(Action<HttpConnectionOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.Configure<HttpGroupOptions>(Name, options => configure(options.Connections));
        return this;
    }

    /// <summary>Says how many requests may be sent a second time, and whether their content is buffered for that.</summary>
    public HttpGroupBuilder Replay(Action<HttpReplayOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.Configure<HttpGroupOptions>(Name, options => configure(options.Replay));
        return this;
    }

    /// <summary>
    /// Sets what sends the probes, in place of a handler of their own: for client certificates or a private certificate authority. It should not follow redirects: a redirected probe counts as failed.
    /// </summary>
    /// <param name="create">Makes the handler, once; it is disposed of with the container.</param>
    public HttpGroupBuilder UseProbeHandler(Func<IServiceProvider, HttpMessageHandler> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        Services.AddKeyedSingleton(Name, new ProbeHandlerFactory(create));
        return this;
    }

    /// <summary>Changes the settings that every group has: thresholds, intervals, switchback.</summary>
    public HttpGroupBuilder Configure(Action<GroupOptions> configure)
    {
        Services.Configure(Name, configure);
        return this;
    }

    private HttpGroupBuilder Prefer(string? name, string address)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        HttpMemberOptions preferred = new() { Name = name, Address = address };
        if (_primary is not null)
        {
            throw new InvalidOperationException($"The group {Name} has two primaries, {Told(_primary)} and {Told(preferred)}: one member is preferred, name the others with {nameof(Secondary)}.");
        }

        _primary = preferred;
        _members.Insert(0, preferred);
        return this;
    }

    /// <summary>How a message names a member: what stands before the @ of an address may be a secret.</summary>
    private static string Told(HttpMemberOptions member) =>
        member.Name ?? (Uri.TryCreate(member.Address, UriKind.Absolute, out Uri? uri) ? uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : "one whose address cannot be read");

    private HttpGroupBuilder Add(string? name, string address)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        _members.Add(new HttpMemberOptions { Name = name, Address = address });
        return this;
    }
}
