using Failover;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quickstart.Load;
using Quickstart.Servers;

namespace Quickstart;

/// <summary>The app under load: a group of two order servers, and an <see cref="HttpClient"/> that sends to the active one. This is all that the library asks of an app.</summary>
internal static class OrdersHost
{
    internal static IHost Build(StoryOptions options, OrderServerProcess primary, OrderServerProcess secondary, LoadLog log)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services
            .AddFailover()
            .AddHttpGroup("orders", group => group
                .Primary("primary", primary.Address.AbsoluteUri)
                .Secondary("secondary", secondary.Address.AbsoluteUri)
                .Configure(settings => Shorten(settings, options)));
        IHttpClientBuilder client = builder.Services.AddHttpClient("orders", client =>
        {
            client.BaseAddress = primary.Address;
            client.Timeout = TimeSpan.FromSeconds(10);
        });
        if (!options.WithoutFailover)
        {
            client.AddFailover("orders");
        }

        client.AddHttpMessageHandler(() => new AttemptCounter(log));
        return builder.Build();
    }

    /// <summary>Nobody wants to watch a demo for the minutes that production takes to trust a server again.</summary>
    private static void Shorten(GroupOptions settings, StoryOptions options)
    {
        settings.Switchback.HoldDown = options.HoldDown;
        settings.Switchback.MaxHoldDown = options.HoldDown;
        settings.Detection.TransitionInterval = options.ProbeInterval;
        settings.Detection.DownInterval = options.ProbeInterval;
    }
}
