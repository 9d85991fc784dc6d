using Failover.Http.Addresses;
using Failover.Http.Probing;
using Failover.Http.Registration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Failover.Http;

/// <summary>HTTP groups without a container: <c>new FailoverGroupBuilder("orders").AddMember(…).UseHttpProbe(new()).Build()</c>.</summary>
public static class FailoverGroupBuilderHttpExtensions
{
    /// <summary>Probes the members with GET, over connections of their own. The group then takes only members that are http or https, and not both unless <see cref="FailoverGroupBuilder.AllowInsecureMember"/> was called.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">How; later changes of the object are not seen.</param>
    /// <exception cref="OptionsValidationException">A value is not allowed; it names the value and what is allowed.</exception>
    public static FailoverGroupBuilder UseHttpProbe(this FailoverGroupBuilder builder, HttpProbeOptions options) => Use(builder, options, null, NullLoggerFactory.Instance);

    /// <summary>Probes the members with GET, through a handler of the user's: for client certificates or a private certificate authority. The group then takes only members that are http or https, and not both unless <see cref="FailoverGroupBuilder.AllowInsecureMember"/> was called.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">How; later changes of the object are not seen.</param>
    /// <param name="handler">Sends the probes. It should not follow redirects: a redirected probe counts as failed.</param>
    /// <param name="loggers">Where to log, as category <c>Failover.Http.Probing.HttpProbe</c>.</param>
    /// <exception cref="OptionsValidationException">A value is not allowed; it names the value and what is allowed.</exception>
    public static FailoverGroupBuilder UseHttpProbe(this FailoverGroupBuilder builder, HttpProbeOptions options, HttpMessageHandler handler, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Use(builder, options, handler, loggers);
    }

    private static FailoverGroupBuilder Use(FailoverGroupBuilder builder, HttpProbeOptions options, HttpMessageHandler? handler, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        var check = new OptionsCheck($"Failover:Groups:{builder.Name}");
        HttpGroupKeys.CheckProbe(options, check);
        if (check.Problems.Count > 0)
        {
            throw new OptionsValidationException(builder.Name, typeof(HttpProbeOptions), check.Problems);
        }

        var plan = new ProbePlan(options);
        builder.Kind = "http";
        return builder.CheckMembers(HttpAddress.WhyNot).UseProbe(new HttpProbe(builder.Name, () => plan, handler, loggers.CreateLogger<HttpProbe>(), TimeProvider.System));
    }
}
