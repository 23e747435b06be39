package travel.kurswagen.customer;

/** What travellers see of their booking. */
public final class CustomerAccount {
}
