package travel.kurswagen.offers;

import java.util.Map;

/** Prices of a tour by date, room and board. */
public final class PriceTable {
    private final Map<String, Long> centsByKey;

    public PriceTable(Map<String, Long> centsByKey) {
        this.centsByKey = Map.copyOf(centsByKey);
    }
}
