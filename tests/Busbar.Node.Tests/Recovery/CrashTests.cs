using System.Text;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Proofs;
using Busbar.Mqtt;
using Busbar.Node.CrashProbe;
using Busbar.Node.Intake;
using Busbar.Node.Tests.Testing;
using NodaTime;

namespace Busbar.Node.Tests.Recovery;

/// <summary>
/// Kills a node again and again while meters send and intervals are closed and anchored, then holds what it is after the last
/// start against every acknowledgement and every block that was ever told.
/// </summary>
public sealed class CrashTests
{
    private const int Kills = 5;

    // The meters send a month of history, so that the clock need not move for a reading to be taken.
    private const int Now = 2_880;

    [EngineFact]
    public async Task Kill_UnderLoad_NothingAcknowledgedIsLostNothingDoubledSameLedger()
    {
        await using var community = new TestCommunity([.. Enumerable.Range(0, Probe.Meters).Select(meter => new TestMeter(Probe.NameOf(meter)))]);
        var chance = new Random(20260621);
        var load = new Load(community);
        for (var round = 0; round < Kills; round++)
            await load.RunAndKillAsync(after: chance.Next(1, 600));

        await community.OpenAsync(Now + 1);
        var last = load.Acknowledged.Max() + 1;
        for (var meter = 0; meter < Probe.Meters; meter++)
        {
            var connection = await community.ConnectionOfAsync(community.Meters[meter]);
            for (var boundary = load.Acknowledged[meter]; boundary <= last; boundary++)
                await connection.SendAsync(Load.Payload(community.Meters[meter], boundary, community.Domain));
        }

        var totals = await community.Node.TotalsAsync(default);
        while (totals.Closed < last)
        {
            await community.MoveToAsync(TestCommunity.At(Now + 1));
            var next = await community.Node.TotalsAsync(default);
            Assert.True(next.Closed > totals.Closed, $"{next.Closed} of {last} intervals are closed and no more are");
            totals = next;
        }

        Assert.Empty(await community.QuarantineAsync());
        Assert.Equal(Probe.Meters * (last + 1L), (await community.Node.Store.Readings.TotalsAsync(default)).Readings);
        Assert.Equal((last, last, 0, 0), (totals.Closed, totals.Anchored, totals.Corrected, totals.Waiting));
        Assert.Equal(community.EnergyBetween(0, last), totals.Store);
        Assert.Equal(community.EnergyBetween(0, last), totals.Ledger);
        foreach (var meter in community.Meters)
            await HoldsAllAsync(community, meter, last);
        foreach (var (number, hash) in load.Heads)
            Assert.Equal(hash, (await community.Node.Store.Events.BlockAsync(number, default))?.Hash.ToString());
        Assert.True(load.Heads.Count > Kills, "no load: the node was killed before it did anything");
    }

    private static async Task HoldsAllAsync(TestCommunity community, TestMeter meter, int last)
    {
        var points = await community.Node.Store.Readings.SeriesAsync(meter.Id, TestCommunity.At(0), TestCommunity.At(last + 1), default);
        Assert.Equal(
            Enumerable.Range(0, last + 1).Select(boundary => (TestCommunity.At(boundary), meter.RegistersAt(boundary))),
            points.Select(point => (point.Instant, point.Registers)));
        var proof = await community.ProofAsync(meter, last / 2);
        Assert.Equal(new ProofOutcome.Genuine(1, IsEstimated: false), await community.VerifyAsync(proof));
    }

    /// <summary>Meters that send one reading after the other, each when the one before is acknowledged.</summary>
    private sealed class Load(TestCommunity community)
    {
        private int _seconds;
        private int _count;

        /// <summary>By meter: how many readings were acknowledged; the next one may have been taken too.</summary>
        public int[] Acknowledged { get; } = new int[Probe.Meters];

        /// <summary>The blocks that the node told of.</summary>
        public Dictionary<ulong, string> Heads { get; } = [];

        public static byte[] Payload(TestMeter meter, int boundary, Domain.Metering.SigningDomain domain)
        {
            meter.Next = (ulong)boundary + 1;
            return meter.Seal(meter.Read(boundary), domain);
        }

        public async Task RunAndKillAsync(int after)
        {
            await using var probe = await ProbeProcess.StartAsync(community.Folder, NextInstant());
            var file = await DeploymentFile.ReadAsync(Path.Combine(community.Folder, "addresses.json"), default);
            var killAt = _count + after;
            var sending = Enumerable.Range(0, Probe.Meters).Select(meter => SendAsync(probe, meter, killAt, file.Contracts.SigningDomain)).ToList();
            while (await probe.AdvanceAsync(NextInstant()) is { } head)
                Assert.Equal(head.Hash, Heads.TryGetValue(head.Number, out var known) ? known : Heads[head.Number] = head.Hash);
            await Task.WhenAll(sending);
        }

        private async Task SendAsync(ProbeProcess probe, int place, int killAt, Domain.Metering.SigningDomain domain)
        {
            var meter = community.Meters[place];
            var options = new MqttClientOptions
            {
                Port = probe.Port,
                ClientId = meter.Name,
                UserName = meter.Id.ToString(),
                Password = Encoding.ASCII.GetBytes(DeviceTokens.Of(community.Keys).For(meter.Id)),
            };
            try
            {
                await using var client = await MqttClient.ConnectAsync(options, TimeProvider.System);
                while (true)
                {
                    await client.PublishAsync(meter.Topic("reading"), Payload(meter, Acknowledged[place], domain)).WaitAsync(TestConnection.Patience);
                    Acknowledged[place]++;
                    if (Interlocked.Increment(ref _count) == killAt)
                        probe.Kill();
                }
            }
            catch (MqttException)
            {
                // The node is dead, as it should be; what was not acknowledged is sent again.
            }
        }

        private Instant NextInstant() => TestCommunity.At(Now) + Duration.FromSeconds(_seconds++ / 4);
    }
}
