using System.Reflection;
using Busbar.Cryptography;
using Busbar.Domain.Metering;

namespace Busbar.Domain.Tests.Metering;

public sealed class SigningDomainTests
{
    [Fact]
    public void Properties_NoneCanBeSet_SoTheHashIsAlwaysOfWhatItShows()
    {
        var properties = typeof(SigningDomain).GetProperties(BindingFlags.Public | BindingFlags.Instance);
        Assert.Equal(6, properties.Length);
        Assert.All(properties, property => Assert.False(property.CanWrite, property.Name));
    }

    [Fact]
    public void Equals_SameDeployment_SameHashAndOtherwiseNot()
    {
        var deployment = Address.Parse("0xabcdef0123456789abcdef0123456789abcdef01");
        var one = new SigningDomain(5, deployment);
        Assert.Equal(one, new SigningDomain(5, deployment));
        Assert.NotEqual(one, new SigningDomain(6, deployment));
        Assert.NotEqual(one.Reading, new SigningDomain(6, deployment).Reading);
        Assert.Equal(SigningDomain.ForPurpose("Busbar Reading v1", 5, deployment), one.Reading);
    }
}
