using System.Globalization;
using System.Text;
using Busbar.Node.Access.Accounts;
using Busbar.Node.Access.Passwords;
using Busbar.Node.Access.Unicode;

namespace Busbar.Node.Tests.Access;

public sealed class CompatibilityFormTests
{
    [Fact]
    public void Of_VectorsOfAnotherImplementation_TheSame()
    {
        var count = 0;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Access", "Vectors", "nfkc.txt")).Where(line => !line.StartsWith('#')))
        {
            var (text, form) = (Text(line.Split(';')[0]), Text(line.Split(';')[1]));
            Assert.True(form == CompatibilityForm.Of(text), line);
            Assert.True(form == CompatibilityForm.Of(form), line);
            count++;
        }

        Assert.Equal(1200, count);
    }

    [Fact]
    public void Password_TypedOnTwoKeyboards_IsOne()
    {
        var hash = PasswordHash.Make("cafe\u0301 \uFB01ve \u0958", 1);

        Assert.True(hash.IsOf("caf\u00E9 five \u0915\u093C"));
        Assert.False(hash.IsOf("cafe five \u0915"));
    }

    [Fact]
    public void Name_InTwoForms_IsOne() => Assert.Equal(AccountName.Key("Rene\u0301"), AccountName.Key("REN\u00C9"));

    private static string Text(string points)
    {
        var text = new StringBuilder();
        foreach (var point in points.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            text.Append(new Rune(int.Parse(point, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToString());
        return text.ToString();
    }
}
