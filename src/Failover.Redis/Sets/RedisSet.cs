using System.Collections.Immutable;
using System.Net.Security;
using Failover.Redis.Probing;
using Failover.Redis.Resp;
using Failover.Redis.Sentinel;
using Failover.Redis.Switching;
using Failover.Redis.Tunnel;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Failover.Redis.Sets;

/// <summary>What a group of Redis nodes under Sentinel is made of, and follows.</summary>
internal sealed class RedisSet : IAsyncDisposable
{
    private const string ClientName = "failover";

    private readonly RedisString _string;
    private readonly RedisProbe _probe;
    private readonly ILogger _logger;
    private readonly ImmutableDictionary<string, string> _addressMap;
    private volatile RedisGroupOptions _options;
    private volatile AllowedMembers _allowed;

    /// <param name="group">The name of the group.</param>
    /// <param name="options">Its settings, which are valid.</param>
    /// <param name="parts">What the app gives beside them.</param>
    internal RedisSet(string group, RedisGroupOptions options, SetParts parts)
    {
        Parts = parts;
        _options = options;
        _addressMap = options.AddressMap.ToImmutableDictionary(StringComparer.OrdinalIgnoreCase);
        _string = RedisString.Read(options.ConnectionString, out string? whyNot) ?? throw new ArgumentException($"ConnectionString {whyNot}", nameof(options));
        _logger = parts.Loggers.CreateLogger("Failover.Redis");
        ConfigurationOptions settings = _string.Settings();
        parts.Configure(settings);
        Func<string, SslClientAuthenticationOptions>? tls = settings.Ssl ? RedisTls.Of(settings, options.CertificateAuthorityPath) : null;
        RedisCredentials? nodes = settings.User is null && settings.Password is null ? null : new(settings.User, settings.Password);
        RedisCredentials? sentinels = settings.SentinelUser is null && settings.SentinelPassword is null ? null : new(settings.SentinelUser, settings.SentinelPassword);
        ToNodes = new RespAccess(parts.Credentials ?? (_ => new(nodes)), tls, ClientName);
        ToSentinels = new RespAccess(parts.SentinelCredentials ?? (_ => new(sentinels)), tls, ClientName) { MayBeUnknown = parts.SentinelCredentials is null && !SaysHowToSentinels(settings) };
        _allowed = AllowedOf(options, settings);
        Settings = settings;
        Book = new MasterBook();
        Nodes = new RedisNodes(ToNodes, parts.Time);
        Backlog = new BacklogSwitch(settings.BacklogPolicy);
        settings.BacklogPolicy = Backlog.Policy;
        Masters = NewTunnel();
        Replicas = NewTunnel();
        _probe = new RedisProbe(Nodes, Book.Judge, new ReplicaLag(group, new PositionClock(), () => _options.Lag, _logger), parts.Time);
    }

    internal SetParts Parts { get; }

    internal ILogger Logger => _logger;

    /// <summary>Gets what the app said of its connections.</summary>
    internal ConfigurationOptions Settings { get; }

    internal RespAccess ToNodes { get; }

    internal RespAccess ToSentinels { get; }

    /// <summary>Gets the sentinels of the connection string.</summary>
    internal ImmutableArray<HostAndPort> Sentinels => _string.Sentinels;

    internal MasterBook Book { get; }

    internal RedisNodes Nodes { get; }

    /// <summary>Gets what leads connections to the master.</summary>
    internal MasterTunnel Masters { get; }

    /// <summary>Gets what leads connections for reads to a replica.</summary>
    internal MasterTunnel Replicas { get; }

    /// <summary>Gets what lets the commands of the app wait, or fails them at once.</summary>
    internal BacklogSwitch Backlog { get; }

    internal RedisGroupOptions Options => _options;

    internal string ServiceName => _string.ServiceName;

    /// <summary>Gives a group its probe and what finds its members.</summary>
    /// <param name="group">The builder of the group.</param>
    /// <param name="made">Gets the group when it is made and has started.</param>
    internal void AddTo(FailoverGroupBuilder group, Func<FailoverGroup> made)
    {
        group.CheckMembers(WhyNotMember)
            .UseProbe(_probe)
            .ElectByRole()
            .UseSwitcher(new RedisSwitcher(this, made))
            .AddHintSource((time, _) => new SentinelWatch(
                new SentinelWatchSettings
                {
                    Group = group.Name,
                    ServiceName = _string.ServiceName,
                    Sentinels = Sentinels,
                    Access = ToSentinels,
                    Allowed = () => _allowed,
                    AddressMap = _addressMap,
                    Promotion = _options.Promotion,
                    HoldLimit = _options.HoldLimit,
                },
                Book,
                made,
                Nodes.SaysMasterAsync,
                Masters.CutAll,
                _logger,
                time));
    }

    /// <summary>Carries changed settings into the running group.</summary>
    internal void Change(RedisGroupOptions options)
    {
        _allowed = AllowedOf(options, Settings);
        _options = options;
    }

    /// <summary>Returns where a server is reached that announces itself by an address.</summary>
    internal HostAndPort Reached(HostAndPort announced) => announced.In(_addressMap) ?? announced;

    /// <summary>Returns what a multiplexer is made with that goes through a tunnel.</summary>
    internal ConfigurationOptions For(MasterTunnel tunnel)
    {
        ConfigurationOptions settings = Settings.Clone();
        MasterTunnel.Configure(settings, tunnel);
        return settings;
    }

    public async ValueTask DisposeAsync()
    {
        Masters.End();
        Replicas.End();
        await Nodes.DisposeAsync().ConfigureAwait(false);
    }

    internal static string? WhyNotMember(FailoverMember member) =>
        !string.Equals(member.Address.Scheme, "redis", StringComparison.Ordinal) || member.Address.Host.Length == 0 || member.Address.Port <= 0
            ? "must be an address like redis://redis-a:6379"
            : null;

    private MasterTunnel NewTunnel() => new(new TunnelSettings(ToNodes, _options.HoldLimit), Parts.Time, _logger);

    private AllowedMembers AllowedOf(RedisGroupOptions options, ConfigurationOptions settings) => AllowedMembers.Of(
        options.AllowedMembers,
        [.. _string.Sentinels.Select(static sentinel => sentinel.Member)],
        onAnyPort: true,
        verifiesFully: settings.Ssl && settings.SslClientAuthenticationOptions is null);

    /// <summary>Whether the app says what the sentinels are given; else StackExchange.Redis tells of what the nodes are given, which sentinels often do not have.</summary>
    private static bool SaysHowToSentinels(ConfigurationOptions settings)
    {
        ConfigurationOptions own = settings.Clone();
        (own.User, own.Password) = (null, null);
        return own.SentinelUser is not null || own.SentinelPassword is not null;
    }
}
