using System.Globalization;
using System.Net.Http.Json;
using System.Numerics;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Node.Tests.Api;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Billing;

/// <summary>Tariffs over HTTP: one that is to be published is checked, shown and tried before it is signed.</summary>
public sealed class TariffsApiTests(BilledVillage shared) : IClassFixture<BilledVillage>
{
    private const string Evening = """
        name: "Evening"
        zone: UTC
        validFrom: 2026-08-01
        due: 10 days
        grace: 14 days
        fixedCharge: 2
        bands:
          - name: "Peak"
            price: 0.3
            when:
              - days: [weekday]
                hours: ["18:00-24:00"]
          - name: "Other"
            price: 0.1
        weekend: [sunday]
        """;

    [EngineFact]
    public async Task Check_ATariffThatHolds_ShownTriedAndReadyToBeSigned()
    {
        var community = await shared.CommunityAsync();
        // From Saturday, 1 August 2026, two days: the evening of Saturday is peak, Sunday is not.
        var told = await CheckAsync(new { text = Evening, importMwh = "8000000", days = 2 });

        Assert.Empty(told.GetProperty("faults").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, told.GetProperty("refusal").ValueKind);
        var sheet = told.GetProperty("sheet");
        Assert.Equal(("Evening", "2026-08-01"), (Text(sheet, "name"), Text(sheet, "firstDay")));
        Assert.Equal("18:00-24:00", sheet.GetProperty("bands")[0].GetProperty("times")[0].GetProperty("hours")[0].GetString());
        var example = told.GetProperty("example");
        Assert.Equal(("2026-08-01T00:00:00Z", "2026-08-03T00:00:00Z"), (Text(example, "start"), Text(example, "end")));
        Assert.Equal(
            [("band", "Peak", "300000000000000000"), ("band", "Other", "700000000000000000"), ("fixedCharge", "", "2000000000000000000")],
            example.GetProperty("lines").EnumerateArray().Select(line => (Text(line, "kind"), Text(line, "name"), Text(line, "amountWei"))).ToList());
        Assert.Equal(BigInteger.Pow(10, 18) * 3, BigInteger.Parse(Text(example, "totalWei"), CultureInfo.InvariantCulture));

        await shared.SendAsync(community.Keys.Regulator, community.Node.Contracts.Money!.Billing, HexText.Decode(Text(told, "data")));
        var newest = (await BilledVillage.TakeAsync(shared.Nobody, "tariffs"))[0];
        Assert.Equal(("Evening", 0, JsonValueKind.Null), (Text(newest, "name"), newest.GetProperty("accounts").GetInt32(), newest.GetProperty("fault").ValueKind));
        Assert.Equal((Text(told, "text"), told.GetProperty("sheet").ToString()), (Text(newest, "text"), newest.GetProperty("sheet").ToString()));
    }

    [EngineFact]
    public async Task Check_FaultsInTheText_ToldByLine()
    {
        await shared.CommunityAsync();
        var told = await CheckAsync(new { text = Evening.Replace("price: 0.3", "price: much", StringComparison.Ordinal) });

        var fault = Assert.Single(told.GetProperty("faults").EnumerateArray());
        Assert.Equal((9, "bands[1].price"), (fault.GetProperty("line").GetInt32(), Text(fault, "member")));
        Assert.Equal(JsonValueKind.Null, told.GetProperty("data").ValueKind);
    }

    [EngineFact]
    public async Task Check_LessGraceThanTheRule_TheContractsOwnRefusal()
    {
        await shared.CommunityAsync();
        var told = await CheckAsync(new { text = Evening.Replace("grace: 14 days", "grace: 1 day", StringComparison.Ordinal) });

        Assert.Empty(told.GetProperty("faults").EnumerateArray());
        Assert.Contains("GraceTooShort", Text(told, "refusal"), StringComparison.Ordinal);
    }

    [EngineTheory]
    [InlineData("{\"text\":\"name: x\",\"payee\":\"0x12\"}")]
    [InlineData("{\"text\":\"name: x\",\"importMwh\":\"-1\"}")]
    [InlineData("{\"text\":\"name: x\",\"days\":0}")]
    [InlineData("{\"text\":\"\"}")]
    public async Task Check_AFormThatIsNone_Refused(string form)
    {
        await shared.CommunityAsync();
        using var answer = await shared.Operator.PostAsync("tariffs/check", new StringContent(form, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(400, (int)answer.StatusCode);
    }

    private async Task<JsonElement> CheckAsync(object form)
    {
        using var answer = await shared.Operator.PostAsJsonAsync("tariffs/check", form);
        Assert.Null(await DescribedAnswers.FaultAsync(answer));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;
}
