package travel.kurswagen.payments;

/** When how much of the price is due. */
public final class DepositRule {
    private final int percent;

    public DepositRule(int percent) {
        this.percent = percent;
    }

    public long depositCents(long priceCents) {
        return priceCents * percent / 100;
    }
}
