package travel.kurswagen.booking;

/** A booking with its travellers and services. */
public final class Booking {
    public enum Status { OPTION, BOOKED, WAITING, CANCELLED }

    private final String number;
    private Status status = Status.OPTION;

    public Booking(String number) {
        this.number = number;
    }

    /** An option becomes a booking; everything else stays what it is. */
    public void confirm() {
        if (status == Status.OPTION) {
            status = Status.BOOKED;
        }
    }
}
