using Microsoft.AspNetCore.SignalR;

namespace SessionsSurvive.Site;

/// <summary>Where browsers listen.</summary>
internal sealed class MessagesHub : Hub
{
    /// <summary>What clients are called by when there is a message.</summary>
    internal const string Said = "said";
}
