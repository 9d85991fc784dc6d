using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Failover.Keepalived.Configuration;

/// <summary>What the configuration of keepalived may be made of. Each text is held against a list of what is harmless in it: nothing can close a quote or a block, begin a comment or a line, or be expanded.</summary>
internal static partial class KeepalivedConfigRules
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestAdvert = TimeSpan.FromMilliseconds(40_950);

    internal static IReadOnlyList<string> Problems(KeepalivedConfigOptions options, string prefix)
    {
        var check = new OptionsCheck(prefix);
        CheckAddress(options, check);
        CheckNode("NodeA", options.NodeA, options, check);
        CheckNode("NodeB", options.NodeB, options, check);
        CheckPair(options, check);
        Range("RouterId", options.RouterId, 1, 255, check);
        if (options.AdvertInterval < Step || options.AdvertInterval > LongestAdvert || options.AdvertInterval.Ticks % Step.Ticks != 0)
        {
            check.Refuse("AdvertInterval", options.AdvertInterval, "must be from 00:00:00.010 to 00:00:40.950, in steps of 10 milliseconds");
        }

        Require(KeepalivedValues.IsName(options.Instance), "Instance", options.Instance, $"must be a name of {KeepalivedValues.NameRule}, like VI_1", check);
        Match("AppUser", options.AppUser, User(), "must be the name of the user that the app runs as", check);
        Require(KeepalivedValues.IsFile(options.CreditFile), "CreditFile", options.CreditFile, KeepalivedValues.FileRule, check);
        Require(KeepalivedValues.IsFile(options.Fifo), "Fifo", options.Fifo, KeepalivedValues.FileRule, check);
        if (string.Equals(options.CreditFile, options.Fifo, StringComparison.Ordinal) && !check.IsRefused("Fifo"))
        {
            check.Refuse("Fifo", options.Fifo, "must be another file than CreditFile");
        }

        if (options.Process is { } process)
        {
            Match("Process", process, Command(), "must be the name of a program, like Shop.Api, or a command just as it is started, like /usr/bin/dotnet /srv/shop/Shop.Api.dll: words of letters, digits and the characters . _ - + : , / = @ % with one space between them", check);
            if (!check.IsRefused("Process") && !IsCommand(process) && process.Contains('/', StringComparison.Ordinal))
            {
                check.Refuse("Process", process, "must not be a path alone: keepalived compares a single word with the name of a program, which has no path, never finds it, and the node stays in FAULT; write the name, like Shop.Api, or add the arguments that it is started with");
            }
        }

        if (options.HangUrl is { } url)
        {
            CheckUrl(url, check);
            Require(KeepalivedValues.IsPath(options.CurlPath), "CurlPath", options.CurlPath, $"must be the whole path of curl, {KeepalivedValues.Characters} like /usr/bin/curl", check);
            Match("ScriptUser", options.ScriptUser, User(), "must be the name of a user, like nobody", check);
        }

        return check.Problems;
    }

    /// <summary>Whether it is a command with arguments, not the name of a program.</summary>
    internal static bool IsCommand(string process) => process.Contains(' ', StringComparison.Ordinal);

    private static void CheckAddress(KeepalivedConfigOptions options, OptionsCheck check)
    {
        Require(KeepalivedValues.TryVirtualAddress(options.Address, out IPAddress? address), "Address", options.Address, KeepalivedValues.AddressRule, check);
        Range("PrefixLength", options.PrefixLength, 1, address?.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32, check);
    }

    private static void CheckNode(string key, KeepalivedNodeOptions node, KeepalivedConfigOptions options, OptionsCheck check)
    {
        Require(KeepalivedValues.IsName(node.Name), $"{key}:Name", node.Name, $"must be a name of {KeepalivedValues.NameRule}, like node-a", check);
        Range($"{key}:Priority", node.Priority, 1, KeepalivedValues.HighestPriority, check);
        if (node.Interface is { } own)
        {
            Require(KeepalivedValues.IsDevice(own), $"{key}:Interface", own, KeepalivedValues.DeviceRule, check);
        }
        else if (!check.IsRefused("Interface"))
        {
            Require(KeepalivedValues.IsDevice(options.Interface), "Interface", options.Interface, KeepalivedValues.DeviceRule, check);
        }

        if (options.Unicast && !(KeepalivedValues.TryAddress(node.Address, out IPAddress? address) && (!KeepalivedValues.TryAddress(options.Address, out IPAddress? held) || (address.AddressFamily == held.AddressFamily && !address.Equals(held)))))
        {
            check.Refuse($"{key}:Address", node.Address, "must be the own IP address of the node, of the kind of Address and another one, since adverts go to it (Unicast)");
        }
    }

    private static void CheckPair(KeepalivedConfigOptions options, OptionsCheck check)
    {
        if (string.Equals(options.NodeA.Name, options.NodeB.Name, StringComparison.OrdinalIgnoreCase) && !check.IsRefused("NodeA:Name") && !check.IsRefused("NodeB:Name"))
        {
            check.Refuse("NodeB:Name", options.NodeB.Name, "must be another than that of NodeA");
        }

        if (!check.IsRefused("NodeA:Priority") && !check.IsRefused("NodeB:Priority") && Math.Abs(options.NodeA.Priority - options.NodeB.Priority) < KeepalivedValues.LeastDistance)
        {
            check.Refuse("NodeB:Priority", options.NodeB.Priority, $"must be at least {KeepalivedValues.LeastDistance} above or below that of NodeA ({options.NodeA.Priority}): each credit has three values, by which nodes that are as fit may be 2 apart");
        }

        if (options.Unicast && !check.IsRefused("NodeA:Address") && !check.IsRefused("NodeB:Address") && IPAddress.Parse(options.NodeA.Address!).Equals(IPAddress.Parse(options.NodeB.Address!)))
        {
            check.Refuse("NodeB:Address", options.NodeB.Address, "must be another than that of NodeA");
        }
    }

    private static void CheckUrl(string url, OptionsCheck check)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) || uri.UserInfo.Length > 0 || !Url().IsMatch(url))
        {
            check.Refuse("HangUrl", url, "must be an address with http or https, without user information, of letters, digits and the characters . _ - ~ : / ? = & % [ ], like http://127.0.0.1:8080/health/live");
        }
    }

    private static void Range(string key, int value, int minimum, int maximum, OptionsCheck check)
    {
        if (value < minimum || value > maximum)
        {
            check.Refuse(key, value, $"must be from {minimum} to {maximum}");
        }
    }

    private static void Match(string key, string? value, Regex pattern, string rule, OptionsCheck check) => Require(value is not null && pattern.IsMatch(value) && !value.Split('/').Contains(".."), key, value, rule, check);

    private static void Require(bool isSo, string key, string? value, string rule, OptionsCheck check)
    {
        if (!isSo)
        {
            check.Refuse(key, value, rule);
        }
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9._-]{0,31}\z", RegexOptions.CultureInvariant)]
    private static partial Regex User();

    [GeneratedRegex(@"^[A-Za-z0-9._+:,/=@%-]+(?: [A-Za-z0-9._+:,/=@%-]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Command();

    [GeneratedRegex(@"^[A-Za-z0-9._~:/?=&%\[\]-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Url();
}
