using Failover.Configuration;
using Microsoft.Extensions.Configuration;

namespace Failover.Tests.Configuration;

public class KeyTreeTests
{
    private static readonly KeyTree Tree = KeyTree.Of(["Kind", "Detection:Fall", "Detection:ProbeInterval", "Members", "Members:*", "Members:*:Address", "Nodes:*:Name", "Tags:**"]);

    [Theory]
    [InlineData("Detction:Fall", "g:Detction is not a known key; did you mean Detection?")]
    [InlineData("Detection:ProbeIntervall", "g:Detection:ProbeIntervall is not a known key; did you mean ProbeInterval?")]
    [InlineData("Detection:Flal", "g:Detection:Flal is not a known key; did you mean Fall?")]
    [InlineData("probeinterval", "g:probeinterval is not a known key; did you mean Detection:ProbeInterval?")]
    [InlineData("Colour", "g:Colour is not a known key; known here: Detection, Kind, Members, Nodes, Tags.")]
    [InlineData("Detection:Colour", "g:Detection:Colour is not a known key; known below Detection: Fall, ProbeInterval.")]
    [InlineData("Detection", "g:Detection (value) must hold keys: Fall, ProbeInterval.")]
    [InlineData("Detection:Fall:0", "g:Detection:Fall must be a single value, not a section or a list.")]
    [InlineData("Nodes", "g:Nodes (value) must hold a list or a section.")]
    [InlineData("Members:0:Adress", "g:Members:0:Adress is not a known key; did you mean Address?")]
    public void A_key_that_nobody_knows_is_refused_with_what_may_have_been_meant(string key, string problem) => Assert.Equal([problem], Problems(key));

    [Theory]
    [InlineData("kind")]
    [InlineData("DETECTION:FALL")]
    [InlineData("Members")]
    [InlineData("Members:0")]
    [InlineData("Members:0:Address")]
    [InlineData("Tags")]
    [InlineData("Tags:a:b:c")]
    public void A_known_key_passes_in_any_case(string key) => Assert.Empty(Problems(key));

    private static IReadOnlyList<string> Problems(string key)
    {
        var check = new OptionsCheck("g");
        Tree.Check(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create<string, string?>("g:" + key, "value")]).Build().GetSection("g"), check);
        return check.Problems;
    }
}
