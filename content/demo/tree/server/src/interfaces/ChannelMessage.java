package travel.kurswagen.interfaces;

/** One message to or from a sales channel. */
public final class ChannelMessage {
    private final String body;

    public ChannelMessage(String body) {
        this.body = body;
    }
}
