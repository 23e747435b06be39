package travel.kurswagen.allotments;

/** Rooms of one hotel in one night. */
public final class Allotment {
    private final int rooms;
    private int taken;

    public Allotment(int rooms) {
        this.rooms = rooms;
    }

    public boolean take(int wanted) {
        if (taken + wanted > rooms) {
            return false;
        }
        taken += wanted;
        return true;
    }
}
