package travel.kurswagen.booking;

import java.util.NavigableMap;
import java.util.TreeMap;

/** Share of the price that is due on cancellation, by days before departure. */
public final class CancellationScale {
    private final NavigableMap<Integer, Integer> percentFromDays = new TreeMap<>();

    /** The later the cancellation, the higher the share. */
    public int percent(int daysBeforeDeparture) {
        var step = percentFromDays.floorEntry(daysBeforeDeparture);
        return step == null ? 100 : step.getValue();
    }
}
