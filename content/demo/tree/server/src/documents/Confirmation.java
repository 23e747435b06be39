package travel.kurswagen.documents;

/** The travel confirmation of a booking. */
public final class Confirmation {
    private final String template;

    public Confirmation(String template) {
        this.template = template;
    }
}
