using Busbar.Device.Boards;
using Busbar.Device.Clock;
using Busbar.Device.Protocol;

namespace Busbar.Device.Meters;

/// <summary>Reads everything that a board can measure.</summary>
internal static class BoardTelemetry
{
    public static MeterTelemetry Read(IMeterBoard board, MeterClock clock) => new()
    {
        At = clock.IsSet ? clock.Now : null,
        Power = board.Power.Watts,
        Voltage = (board as IVoltageSensor)?.Volts,
        Current = (board as ICurrentSensor)?.Amperes,
        Frequency = (board as IFrequencySensor)?.Hertz,
        StateOfCharge = (board as IBatteryGauge)?.StateOfCharge,
        Temperature = (board as ITemperatureSensor)?.Celsius,
    };
}
