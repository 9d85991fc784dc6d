namespace Microsoft.Extensions.Http;

/// <summary>Bears the name of the handler of Microsoft.Extensions.Http.Polly, whose types cannot stand beside those of Polly 8.</summary>
internal sealed class PolicyHttpMessageHandler : DelegatingHandler;
